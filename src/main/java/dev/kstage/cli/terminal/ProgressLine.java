package dev.kstage.cli.terminal;

import dev.kstage.report.ProgressText;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One line on the terminal with the progress of a run, drawn by its own thread; without a terminal, a line every 10
 * s. It only reads the progress, so it does not slow the run down. It asks for the terminal's width and writes to it,
 * but never changes its settings.
 */
public final class ProgressLine implements AutoCloseable {
    private static final Duration BEFORE_FIRST_PAINT = Duration.ofMillis(400);
    private static final Duration BETWEEN_PAINTS = Duration.ofMillis(200);
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);

    // A control sequence of every terminal that is not dumb (ECMA-48).
    private static final String TO_START = "\r";
    private static final String CLEAR_TO_END = "\u001b[K";

    private final String name;
    private final StageProgress progress;
    private final boolean animated;
    private final Consumer<String> plainLines;
    private final Screen screen;
    private final Thread painter = new Thread(this::paint, "progress");
    private final long start = System.nanoTime();
    private boolean ended;
    private boolean painted;
    private long lastRecords;
    private long lastTime = start;

    ProgressLine(String name, StageProgress progress, boolean animated, Consumer<String> plainLines, Screen screen) {
        this.name = name;
        this.progress = progress;
        this.animated = animated;
        this.plainLines = plainLines;
        this.screen = screen;
    }

    void start() {
        painter.setDaemon(true);
        // The run continues without its progress line.
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
        long records = progress.records();
        double seconds = Math.max(1e-3, (now - lastTime) / 1e9);
        long perSecond = Math.round((records - lastRecords) / seconds);
        if (seconds >= 1) {
            lastRecords = records;
            lastTime = now;
        }
        return ProgressText.line(name, progress, perSecond, Duration.ofNanos(now - start));
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

    /** Clears the line, so that other output can be printed there. */
    synchronized void clear() {
        if (painted) {
            screen.paint(TO_START + CLEAR_TO_END);
            painted = false;
        }
    }

    /** Removes the line for good. */
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
