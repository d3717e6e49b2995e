package dev.kstage.cli.terminal;

import dev.kstage.report.Meter;
import dev.kstage.report.ProgressText;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * One steady line on the terminal while something runs, painted by a thread of its own; where there is
 * no terminal, a plain line every 10 s. It only reads a meter, so the run does not notice it.
 */
public final class ProgressLine implements AutoCloseable {
    private static final Duration BEFORE_FIRST_PAINT = Duration.ofMillis(400);
    private static final Duration BETWEEN_PAINTS = Duration.ofMillis(200);
    private static final Duration BETWEEN_PLAIN_LINES = Duration.ofSeconds(10);

    private final String name;
    private final Meter meter;
    private final boolean animated;
    private final Consumer<String> plainLines;
    private final Screen screen;
    private final Thread painter = new Thread(this::paint, "progress");
    private final long start = System.nanoTime();
    private @Nullable Terminal terminal;
    private boolean ended;
    private boolean painted;
    private long lastRecords;
    private long lastTime = start;

    ProgressLine(String name, Meter meter, boolean animated, Consumer<String> plainLines, Screen screen) {
        this.name = name;
        this.meter = meter;
        this.animated = animated;
        this.plainLines = plainLines;
        this.screen = screen;
    }

    void start() {
        painter.setDaemon(true);
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
        } catch (IOException e) {
            // The terminal is gone; the run is not.
            return;
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

    private void paintLine() throws IOException {
        synchronized (screen) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                Terminal open = terminal();
                String line = text(System.nanoTime());
                int width = open.getWidth() > 1 ? open.getWidth() - 1 : 79;
                open.puts(Capability.carriage_return);
                open.writer().write(line.length() > width ? line.substring(0, width) : line);
                open.puts(Capability.clr_eol);
                open.flush();
                painted = true;
            }
        }
    }

    private Terminal terminal() throws IOException {
        Terminal open = terminal;
        if (open == null) {
            open = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysErr)
                    .nativeSignals(false)
                    .dumb(true)
                    .build();
            terminal = open;
        }
        return open;
    }

    /** Takes the line away, so that something else can be printed there. */
    synchronized void clear() {
        if (painted && terminal != null) {
            terminal.puts(Capability.carriage_return);
            terminal.puts(Capability.clr_eol);
            terminal.flush();
            painted = false;
        }
    }

    /** Takes the line away for good and leaves the terminal as it was. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            clear();
            notifyAll();
            try {
                if (terminal != null) {
                    terminal.close();
                }
            } catch (IOException e) {
                // It was closed from outside: nothing is left to restore.
                terminal = null;
            }
        }
        screen.ended(this);
    }
}
