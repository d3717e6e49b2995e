package dev.kstage.installed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that a test started. It is killed when this is closed, if it still runs then. */
public final class RunningProcess implements AutoCloseable {
    static final Duration LONGEST_RUN = Duration.ofSeconds(90);

    private final String command;
    private final Process process;
    private final Path stdout;
    private final Path stderr;
    private final long start = System.nanoTime();

    RunningProcess(String command, Process process, Path stdout, Path stderr) {
        this.command = command;
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written to standard output so far. */
    public String stdout() {
        return text(stdout);
    }

    /** What it has written to standard error so far. */
    public String stderr() {
        return text(stderr);
    }

    /** Sends it a signal: KILL, TERM, INT, STOP, CONT. */
    public void signal(String name) {
        signal(name, process.pid());
    }

    /** Sends a signal to a process, which must be one that the test started. */
    public static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("process " + pid + " could not be sent " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Whether it ends within this time. */
    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for its end, and fails if that takes too long. */
    public Outcome await() {
        return await(LONGEST_RUN);
    }

    /** The same with another limit. */
    public Outcome await(Duration limit) {
        if (!endsWithin(limit)) {
            close();
            throw new AssertionError("still running: " + outcome());
        }
        return outcome();
    }

    private Outcome outcome() {
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Outcome(command, process.isAlive() ? -1 : process.exitValue(), stdout(), stderr(), time);
    }

    /** What is in a file of output. */
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
