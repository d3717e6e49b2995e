package dev.kstage.cli.terminal;

import dev.kstage.report.ProgressText;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One steady line on the terminal while something runs, painted by a thread of its own; where there is
 * no terminal, a plain line every 10 s. It only reads a meter, so the run does not notice it. The
 * terminal is asked for its width and written to; its settings are neither read nor changed, so they are
 * the same after any end.
 */
public final class ProgressLine implements AutoCloseable {
    private static final Duration BEFORE_FIRST_PAINT = Duration.ofMillis(400);
    private static final Duration BETWEEN_PAINTS = Duration.ofMillis(200);
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);

    // What every terminal does that is not a dumb one (ECMA-48).
    private static final String TO_START = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";

    private final String name;
    private final StageProgress meter;
    private final boolean animated;
    private final Consumer<String> plainLines;
    private final Screen screen;
    private final Thread painter = new Thread(this::paint, "progress");
    private final long start = System.nanoTime();
    private boolean ended;
    private boolean painted;
    private long lastRecords;
    private long lastTime = start;

    ProgressLine(String name, StageProgress meter, boolean animated, Consumer<String> plainLines, Screen screen) {
        this.name = name;
        this.meter = meter;
        this.animated = animated;
        this.plainLines = plainLines;
        this.screen = screen;
    }

    void start() {
        painter.setDaemon(true);
        // The run goes on without its progress line.
        painter.setUncaughtExceptionHandler((thread, e) -> {});
        painter.start();
    }

    private void paint() {
        try {
            pause(animated ? BEFORE_FIRST_PAINT : BETWEEN_PLAIN_LINES);
            while (!isEnded()) {
                if (animated) {
                    paintLine();
                } else {
                    plainLines.accept(text(System.nanoTime()));
                }
                pause(animated ? BETWEEN_PAINTS : BETWEEN_PLAIN_LINES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void pause(Duration time) throws InterruptedException {
        if (!ended) {
            TimeUnit.NANOSECONDS.timedWait(this, time.toNanos());
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private String text(long now) {
        long records = meter.records();
        double seconds = Math.max(1e-3, (now - lastTime) / 1e9);
        long perSecond = Math.round((records - lastRecords) / seconds);
        if (seconds >= 1) {
            lastRecords = records;
            lastTime = now;
        }
        return ProgressText.line(name, meter, perSecond, Duration.ofNanos(now - start));
    }

    private void paintLine() {
        synchronized (screen) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                String line = text(System.nanoTime());
                int width = TerminalWidth.ofStandardError() - 1;
                screen.paint(TO_START + (line.length() > width ? line.substring(0, width) : line) + CLEAR_TO_END);
                painted = true;
            }
        }
    }

    /** Takes the line away, so that something else can be printed there. */
    synchronized void clear() {
        if (painted) {
            screen.paint(TO_START + CLEAR_TO_END);
            painted = false;
        }
    }

    /** Takes the line away for good. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            clear();
            notifyAll();
        }
        screen.ended(this);
    }
}
