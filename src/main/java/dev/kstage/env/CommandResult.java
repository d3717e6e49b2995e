package dev.kstage.env;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The result of running another program with a time limit.
 *
 * @param code its exit code
 * @param output its standard output
 * @param errors its standard error
 */
record CommandResult(int code, String output, String errors) {
    /**
     * Runs a program and waits for its end.
     *
     * @param environment variables in addition to those of this process
     * @throws IOException if the program does not exist, or its output can't be stored
     * @throws Failure if it is killed after {@code limit}, or this thread is interrupted
     */
    static CommandResult of(List<String> command, Path directory, Map<String, String> environment, Duration limit)
            throws IOException {
        Path output = Files.createTempFile("kstage", ".out");
        Path errors = Files.createTempFile("kstage", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            ChildEnvironment.ofTool(builder.environment());
            builder.environment().putAll(environment);
            builder.directory(directory.toFile());
            builder.redirectInput(new File("/dev/null"));
            builder.redirectOutput(output.toFile());
            builder.redirectError(errors.toFile());
            int code = codeWithin(builder.start(), command, limit);
            return new CommandResult(code, text(output), text(errors));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static int codeWithin(Process process, List<String> command, Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "`" + String.join(" ", command) + "` did not end",
                    "it was killed after " + Text.duration(limit),
                    "check that the container engine works, then run the same command again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.TEMPORARY, "stopped", "it was interrupted", "run the same command again", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
