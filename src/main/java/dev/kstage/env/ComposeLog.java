package dev.kstage.env;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The log of a service in a container. */
public final class ComposeLog {
    private static final int POLL_MILLIS = 100;

    private final Compose compose;
    private final String service;

    /**
     * @param environment the environment variables
     * @param service its name in the compose files
     * @throws Failure if the environment or the service does not exist
     */
    public ComposeLog(XdgDirectories directories, String name, Map<String, String> environment, String service) {
        this.service = service;
        try {
            compose = new ComposeKafka(directories, name, environment).existing();
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot read the log of " + service, e);
        }
        if (!compose.stack().services().contains(service)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no service " + service + " in environment " + name,
                    "it has " + String.join(", ", compose.stack().services()),
                    "name one of these with --service");
        }
    }

    /** Passes the last lines to {@code reader}. */
    public void last(int lines, Consumer<String> reader) {
        compose.log(service, lines).forEach(reader);
    }

    /** Passes the last lines and all new lines to {@code reader}, until {@code stop} or the end of the service. */
    public void follow(int lines, Consumer<String> reader, BooleanSupplier stop) throws InterruptedException {
        try {
            Process process = compose.follow(service, lines);
            Thread copier = new Thread(() -> copy(process, reader), "log");
            copier.setDaemon(true);
            copier.start();
            while (copier.isAlive() && !stop.getAsBoolean()) {
                TimeUnit.MILLISECONDS.timedJoin(copier, POLL_MILLIS);
            }
            process.destroy();
            copier.join(TimeUnit.SECONDS.toMillis(1));
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot follow the log of " + service, e);
        }
    }

    private static void copy(Process process, Consumer<String> reader) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Compose.plain(lines.lines()).forEach(reader);
        } catch (IOException | UncheckedIOException e) {
            // Stopped in the middle of a line.
            process.destroy();
        }
    }
}
