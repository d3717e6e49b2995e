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
 * A stage in its own process, which can be killed, paused and resumed. It never outlives this process: its standard
 * input is a {@link ParentProcessWatch}. A paused stage is resumed when this process ends.
 */
public final class StageProcess implements AutoCloseable {
    /** The system property that makes a process end with its standard input. */
    public static final String UNTIL_INPUT_ENDS = "kstage.until.input.ends";

    // Java can't send SIGSTOP. A shell stops the process, and resumes it when the shell's standard input ends, at
    // the latest with this process. The shell ignores signals of the terminal.
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

    /** @throws Failure if processes can't be paused and resumed on this system, such as Windows */
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
     * Starts this program in another process.
     *
     * @param mainClass its main class
     * @param arguments its arguments, which every user of this machine can see
     * @param variables variables in addition to those of this process
     * @param output the file for its standard output
     * @param log the file for its standard error
     */
    public static StageProcess start(
            String mainClass, List<String> arguments, Map<String, String> variables, Path output, Path log) {
        // Optimised compilation is not worth it for a process that lives for seconds.
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

    /** Whether the process exists, paused or not. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it is paused by {@link #pause}. */
    public boolean isPaused() {
        return hold != null;
    }

    /** Whether it has printed which cluster it uses, so it is about to connect. */
    public boolean isAtWork() {
        return log.toFile().length() > 0;
    }

    /** The exit code after the end; 128 + the number of the signal that killed it. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Its standard output. */
    public String output() {
        return text(output);
    }

    /** Its standard error. */
    public String messages() {
        return text(log);
    }

    /** The file with {@link #messages}. */
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

    /** Kills it with SIGKILL, paused or not, and waits for its end. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(LONGEST_END);
        resume();
    }

    /** Terminates it with SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Makes its JVM print a thread dump to {@link #output}; this takes a moment. */
    public void dumpThreads() {
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

    /** Waits for its end; returns false after {@code limit}. */
    public boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Pauses it with SIGSTOP until {@link #resume}; returns false if it has ended. */
    public boolean pause() {
        try {
            Process shell = new ProcessBuilder(
                            SHELL.toString(), "-c", HOLD, "kstage-hold", String.valueOf(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // The shell prints a line after the process is stopped; it ends at once if the process does not exist.
            boolean isStopped = shell.getInputStream().read() >= 0;
            hold = isStopped ? shell : null;
            return isStopped;
        } catch (IOException e) {
            throw failure("cannot stop a process", e);
        }
    }

    /** Resumes it if it was paused. */
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
