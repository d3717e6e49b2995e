package dev.kstage.source;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.stage.Batch;
import dev.kstage.stage.PartitionListener;
import dev.kstage.stage.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Limits the rate of another source. The average is exact; records come in steps of about 20 ms. */
public final class RateLimitedSource implements Source {
    private static final double MOST_SECONDS_LATE = 1;
    private static final long STEP_NANOS = 20_000_000;

    private final Source source;
    private final double perSecond;
    private Positions positions = Positions.NONE;
    private long start;
    private long given;

    /** @param perSecond records per second, above 0 */
    public RateLimitedSource(Source source, double perSecond) {
        this.source = source;
        this.perSecond = perSecond;
    }

    @Override
    public Origin origin() {
        return source.origin();
    }

    @Override
    public int partitions() {
        return source.partitions();
    }

    @Override
    public void start(PartitionListener listener) {
        start = System.nanoTime();
        source.start(listener);
    }

    @Override
    public void restart() {
        positions = Positions.NONE;
        source.restart();
    }

    @Override
    public Batch poll(int most, Duration wait) {
        skipWhatIsLate();
        long due = (long) ((System.nanoTime() - start) / 1e9 * perSecond) + 1 - given;
        if (due <= 0) {
            double nanosToNext = (given / perSecond) * 1e9 - (System.nanoTime() - start);
            LockSupport.parkNanos(Math.min(Math.max((long) nanosToNext, STEP_NANOS), wait.toNanos()));
            return new Batch(List.of(), positions);
        }
        Batch batch = source.poll((int) Math.min(most, due), wait);
        given += batch.read();
        positions = batch.to();
        return batch;
    }

    /** After a stall the rate stays the same, without a burst to catch up. */
    private void skipWhatIsLate() {
        double late = (System.nanoTime() - start) / 1e9 - given / perSecond;
        if (late > MOST_SECONDS_LATE) {
            start += (long) ((late - MOST_SECONDS_LATE) * 1e9);
        }
    }

    @Override
    public boolean isConfirmed(BooleanSupplier giveUp) {
        return source.isConfirmed(giveUp);
    }

    @Override
    public void onCommitted(Positions stored) {
        source.onCommitted(stored);
    }

    @Override
    public boolean isAtEnd() {
        return source.isAtEnd();
    }

    @Override
    public boolean isAssignmentAtEnd() {
        return source.isAssignmentAtEnd();
    }

    @Override
    public long lag() {
        return source.lag();
    }

    @Override
    public long lagAtEnd() {
        return source.lagAtEnd();
    }

    @Override
    public void close() {
        source.close();
    }
}
