package dev.kstage.installed;

import dev.kstage.cli.Kstage;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.stage.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A command line that runs in a thread of the tests' JVM, with streams, environment and working directory of its own.
 * It is what {@link dev.kstage.Main} runs in a process, without the second that a new JVM takes.
 */
final class ThreadRun {
    static {
        // Processes that a command starts, as brokers, run the packed jar.
        System.setProperty("kstage.class.path", Installation.jar().toString());
        ClassArchive.file()
                .ifPresent(archive -> System.setProperty("kstage.archive.option", "-XX:SharedArchiveFile=" + archive));
    }

    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Path workingDirectory;

    ThreadRun(List<String> arguments, Map<String, String> environment, Path workingDirectory) {
        this.arguments = arguments;
        this.environment = environment;
        this.workingDirectory = workingDirectory;
    }

    /**
     * Runs it to its end, and fails if that takes too long.
     *
     * @param failpoints as {@link Failpoint#choose} takes them
     */
    Outcome run(Path stdin, Path stdout, Path stderr, String failpoints) {
        long start = System.nanoTime();
        FutureTask<Integer> run = new FutureTask<>(() -> {
            Failpoint.choose(failpoints);
            return run(stdin, stdout, stderr);
        });
        Thread thread = new Thread(run, "kstage " + String.join(" ", arguments));
        thread.setDaemon(true);
        thread.start();
        int code;
        try {
            code = run.get(RunningProcess.LONGEST_RUN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String stack =
                    Arrays.stream(thread.getStackTrace()).map(String::valueOf).collect(Collectors.joining("\n  "));
            throw new AssertionError("still running: " + outcome(-1, start, stdout, stderr) + "\n" + stack, e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return outcome(code, start, stdout, stderr);
    }

    private int run(Path stdin, Path stdout, Path stderr) throws IOException {
        try (InputStream in = Files.newInputStream(stdin);
                OutputStream out = Files.newOutputStream(stdout);
                OutputStream err = Files.newOutputStream(stderr)) {
            return Kstage.run(
                    new CommandContext(
                            environment,
                            workingDirectory,
                            XdgDirectories.of(environment, Path.of(System.getProperty("user.home"))),
                            in,
                            new Screen(out, err, false, false, environment),
                            new SignalHandler(code -> {
                                throw new AssertionError("no signal comes here");
                            })),
                    arguments.toArray(String[]::new));
        }
    }

    private Outcome outcome(int code, long start, Path stdout, Path stderr) {
        return new Outcome(
                "kstage " + String.join(" ", arguments),
                code,
                RunningProcess.text(stdout),
                RunningProcess.text(stderr),
                Duration.ofNanos(System.nanoTime() - start));
    }
}
