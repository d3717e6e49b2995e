package dev.kstage.proxy;

import dev.kstage.installed.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** One answer, or one request, that a proxy is told to lose. */
public final class Loss {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What happens to it. */
    public enum Kind {
        /** The connection is cut in place of handing on the request: the server never sees it. */
        REQUEST_CUT,
        /** The server has done it and answered, and the connection is cut in place of the answer. */
        ANSWER_CUT,
        /** The server has done it and answered, and the connection falls silent until {@link #release}. */
        ANSWER_HELD
    }

    private final String what;
    private final Kind kind;
    private final AtomicInteger left;
    private final CountDownLatch happened = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /**
     * @param what for messages
     * @param nth which one, from 1
     */
    Loss(String what, int nth, Kind kind) {
        this.what = what;
        this.kind = kind;
        this.left = new AtomicInteger(nth);
    }

    Kind kind() {
        return kind;
    }

    /** Counts one of those that may be lost; true for the one that is to be. */
    boolean isThis() {
        return left.decrementAndGet() == 0;
    }

    void happen() {
        happened.countDown();
    }

    /** Whether it has been lost. */
    public boolean hasHappened() {
        return happened.getCount() == 0;
    }

    /** Waits until it has happened: a test in which it never does has tested nothing. */
    public void await() {
        Eventually.await(this + " to be lost", LIMIT, this::hasHappened);
    }

    /** Lets an answer that was held go on, if its client still waits for it. */
    public void release() {
        released.countDown();
    }

    void awaitRelease() throws InterruptedException {
        released.await();
    }

    @Override
    public String toString() {
        return what + ", " + kind;
    }
}
