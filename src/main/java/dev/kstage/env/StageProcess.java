package dev.kstage.env;

import dev.kstage.report.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stage in a process of its own, to be killed, stopped and woken. It never outlives this process: its
 * standard input is a {@link ParentProcessWatch}, and what stops it wakes it again when this process ends.
 */
public final class StageProcess implements AutoCloseable {
    /** The system property that tells a process to end with its standard input. */
    public static final String UNTIL_INPUT_ENDS = "kstage.until.input.ends";

    // Java has no SIGSTOP. The shell holds the process down until its own standard input ends, with this
    // process or before; a signal meant for the whole terminal does not keep it from that.
    private static final String HOLD =
            "trap '' HUP INT QUIT TERM; kill -STOP \"$1\" || exit; echo; read -r end; kill -CONT \"$1\"";
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    private static final Duration LONGEST_SIGNAL = Duration.ofSeconds(10);

    private final Process process;
    private final Path output;
    private final Path log;
    private @Nullable Process hold;

    private StageProcess(Process process, Path output, Path log) {
        this.process = process;
        this.output = output;
        this.log = log;
    }

    /**
     * @throws Failure if processes can't be stopped and woken here, as on Windows
     */
    public static void requireSignals() {
        if (File.separatorChar != '/' || !Files.isExecutable(SHELL)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "stages can't be paused and resumed on this system",
                    "pausing needs " + SHELL + " and Unix signals, which " + System.getProperty("os.name")
                            + " does not have",
                    "run the same command on Linux or macOS, or in a container");
        }
    }

    /**
     * Starts this same program.
     *
     * @param mainClass its main class
     * @param arguments its command line, which every user of this machine can see
     * @param variables environment variables beside those of this process
     * @param output where its standard output goes, a file
     * @param log where its standard error goes, a file
     */
    public static StageProcess start(
            String mainClass, List<String> arguments, Map<String, String> variables, Path output, Path log) {
        // Compiling well does not pay off in a process that lives for seconds.
        List<String> command = JvmCommand.command(
                List.of("-XX:TieredStopAtLevel=1", "-D" + UNTIL_INPUT_ENDS + "=true"), mainClass, arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        ChildEnvironment.ofStage(builder.environment());
        builder.environment().putAll(variables);
        builder.redirectOutput(output.toFile());
        builder.redirectError(log.toFile());
        try {
            return new StageProcess(builder.start(), output, log);
        } catch (IOException e) {
            throw failure("cannot start another process", e);
        }
    }

    /** Whether its process is there, stopped or not. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it is held down by {@link #pause}. */
    public boolean isPaused() {
        return hold != null;
    }

    /** Whether it has come so far that it says which cluster it uses: it is about to connect. */
    public boolean isAtWork() {
        return log.toFile().length() > 0;
    }

    /** The exit code of one that has ended; 128 + the number of a signal that killed it. */
    public int exitCode() {
        return process.exitValue();
    }

    /** What it has written to standard output. */
    public String output() {
        return text(output);
    }

    /** What it has written to standard error. */
    public String messages() {
        return text(log);
    }

    /** Where {@link #messages} stand. */
    public Path log() {
        return log;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw failure("cannot read " + file, e);
        }
    }

    /** Kills it with SIGKILL, stopped or not, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(LONGEST_END);
        resume();
    }

    /** Asks it to end with SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Has its JVM write the stacks of its threads to {@link #output}, which takes it a moment. */
    public void tellStacks() {
        try {
            var unused = new ProcessBuilder(
                            SHELL.toString(), "-c", "kill -QUIT \"$1\"", "kstage-stacks", String.valueOf(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(LONGEST_SIGNAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw failure("cannot send a signal", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end; whether it came within this time. */
    public boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops it with SIGSTOP until {@link #resume}; whether that could still be done. */
    public boolean pause() {
        try {
            Process shell = new ProcessBuilder(
                            SHELL.toString(), "-c", HOLD, "kstage-hold", String.valueOf(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // It says so once the process is stopped, and ends at once if there is none any more.
            boolean isStopped = shell.getInputStream().read() >= 0;
            hold = isStopped ? shell : null;
            return isStopped;
        } catch (IOException e) {
            throw failure("cannot stop a process", e);
        }
    }

    /** Lets it go on, if it was stopped. */
    public void resume() {
        Process shell = hold;
        hold = null;
        if (shell == null) {
            return;
        }
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(LONGEST_SIGNAL.toMillis(), TimeUnit.MILLISECONDS)) {
                shell.destroyForcibly();
            }
        } catch (IOException e) {
            throw failure("cannot resume a process", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        kill();
    }

    private static Failure failure(String what, IOException e) {
        return EnvironmentDirectory.failure(what, e);
    }
}
