package dev.kstage.env;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Starts the containers of a stack, from any state to healthy. */
final class ComposeStart {
    // Airflow's image has one and a half gigabytes.
    private static final Duration LONGEST_FETCH = Duration.ofMinutes(30);
    private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int LAST_LINES = 15;

    private final Compose compose;
    private final EnvironmentDirectory directory;
    private final ComposeKafka.Watch watch;
    private final LongSupplier clock;

    ComposeStart(Compose compose, EnvironmentDirectory directory, ComposeKafka.Watch watch) {
        this(compose, directory, watch, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    ComposeStart(Compose compose, EnvironmentDirectory directory, ComposeKafka.Watch watch, LongSupplier clock) {
        this.compose = compose;
        this.directory = directory;
        this.watch = watch;
        this.clock = clock;
    }

    /**
     * Returns when all containers are healthy. What was created before a failure stays.
     *
     * @param limit time limit for becoming healthy, from when all containers are started
     * @return whether all were healthy as soon as they were started; a new one takes longer
     * @throws Failure after showing the last lines of the failed log
     */
    boolean run(Duration limit) throws IOException {
        Path log = directory.composeLog();
        Process up = compose.up(log);
        try {
            awaitStarted(up);
        } finally {
            end(up);
        }
        if (up.exitValue() != 0) {
            refuseEnded();
            List<String> output = linesOf(log);
            watch.log(compose.tool().title(), last(output));
            throw ComposeFault.of(notUp(), String.join("\n", output));
        }
        return awaitHealthy(limit);
    }

    /** Whether all services of a stack are ready. */
    static boolean areReady(ComposeStack stack, List<ServiceState> states) {
        return missing(stack, states).isEmpty();
    }

    private static Optional<String> missing(ComposeStack stack, List<ServiceState> states) {
        return stack.services().stream()
                .filter(service ->
                        states.stream().noneMatch(state -> state.service().equals(service) && state.isReady()))
                .findFirst();
    }

    private void awaitStarted(Process up) {
        long end = clock.getAsLong() + LONGEST_FETCH.toNanos();
        while (up.isAlive()) {
            look();
            pause();
            if (clock.getAsLong() > end) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        notUp(),
                        "its containers were not created within " + Text.duration(LONGEST_FETCH),
                        "read " + directory.composeLog() + ", then run the same command again; fetched images"
                                + " are kept");
            }
        }
    }

    private boolean awaitHealthy(Duration limit) throws IOException {
        long end = clock.getAsLong() + limit.toNanos();
        for (boolean atOnce = true; ; atOnce = false) {
            List<ServiceState> states = look();
            Optional<String> missing = missing(compose.stack(), states);
            if (missing.isEmpty()) {
                return atOnce;
            }
            refuseEnded(states);
            if (clock.getAsLong() > end) {
                showLogOf(missing.get());
                if (states.stream().noneMatch(state -> state.service().equals(missing.get()) && state.isRunning())) {
                    // Podman's compose exits with 0 even if it could not start a container.
                    watch.log(compose.tool().title(), last(linesOf(directory.composeLog())));
                }
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        notUp(),
                        missing.get() + " is not healthy after " + Text.duration(limit) + ": "
                                + description(states, missing.get())
                                + (compose.tool().dialect() == ComposeTool.Dialect.PODMAN
                                        ? " (Podman checks health only with systemd)"
                                        : ""),
                        "`kstage env up` continues to wait, " + withLog(missing.get()) + ", " + orDown());
            }
            pause();
        }
    }

    private static String description(List<ServiceState> states, String service) {
        return states.stream()
                .filter(state -> state.service().equals(service))
                .map(ServiceState::description)
                .findFirst()
                .orElse("it has no container");
    }

    private void refuseEnded() {
        refuseEnded(look());
    }

    private void refuseEnded(List<ServiceState> states) {
        states.stream().filter(ServiceState::hasEnded).findFirst().ifPresent(ended -> {
            showLogOf(ended.service());
            throw new Failure(
                    Failure.Kind.FAILED,
                    notUp(),
                    ended.service() + " " + ended.description(),
                    "fix the cause that its log shows, then run `kstage env up` again; " + orDown());
        });
    }

    private void showLogOf(String service) {
        watch.log(service, compose.log(service, LAST_LINES));
    }

    private String notUp() {
        return "environment " + directory.name() + " is not up";
    }

    private String withLog(String service) {
        return "`kstage env logs --name " + directory.name() + " --service " + service + "` shows more";
    }

    private String orDown() {
        return "`kstage env down --name " + directory.name() + "` stops the containers and keeps the data";
    }

    private List<ServiceState> look() {
        if (watch.isInterrupted()) {
            // The caller adds details.
            throw new Failure(Failure.Kind.TEMPORARY, notUp(), "it was interrupted", orDown());
        }
        List<ServiceState> states = compose.states();
        watch.looked(compose.stack(), states);
        return states;
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.TEMPORARY, "stopped", "it was interrupted", "run the same command again", e);
        }
    }

    private static void end(Process up) {
        up.destroy();
        try {
            if (!up.waitFor(LONGEST_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS)) {
                var unused = up.destroyForcibly().waitFor(LONGEST_SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            up.destroyForcibly();
        }
    }

    private static List<String> linesOf(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    }
}
