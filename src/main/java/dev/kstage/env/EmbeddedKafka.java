package dev.kstage.env;

import dev.kstage.profile.PrivateDirectory;
import dev.kstage.profile.Profile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.report.AtomicFile;
import dev.kstage.report.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A real Apache Kafka from the jar, without Docker: one KRaft broker or three, each in its own process, which
 * outlives the command and the terminal.
 */
public final class EmbeddedKafka {
    /** The name of this engine in reports. */
    public static final String ENGINE = "embedded";

    /** The port on which clients also expect the host listener of the container environment. */
    public static final int DEFAULT_PORT = 29092;

    static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(1);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    /** Waits until a cluster responds, with a time limit and a reason to give up early. */
    @FunctionalInterface
    public interface Readiness {
        boolean await(Profile profile, int brokers, Duration limit, BooleanSupplier giveUp);
    }

    /**
     * What to start.
     *
     * @param brokers number of brokers; empty for the previous number, else one
     * @param port of the first broker; 0 for free ports; empty for the previous ports, else the default. A stopped
     *     environment moves there with its data.
     */
    public record Request(OptionalInt brokers, OptionalInt port) {}

    private final XdgDirectories directories;
    private final EnvironmentDirectory directory;
    private final BrokerLauncher launcher;
    private final Readiness readiness;
    private final LongSupplier clock;
    // Referenced here, because a broker that is not detached ends when the pipe to it is closed, even by garbage
    // collection.
    private final List<Process> children = new ArrayList<>();

    /**
     * @param detached whether the brokers outlive this process; if not, they end with it and never become the current
     *     profile
     */
    public EmbeddedKafka(XdgDirectories directories, String name, boolean detached, Readiness readiness) {
        this(directories, name, detached, readiness, System::nanoTime);
    }

    /** @param clock in nanoseconds, by which the end of brokers is waited for */
    EmbeddedKafka(XdgDirectories directories, String name, boolean detached, Readiness readiness, LongSupplier clock) {
        this.directories = directories;
        this.directory = EnvironmentDirectory.of(directories, name);
        this.launcher = new BrokerLauncher(detached);
        this.readiness = readiness;
        this.clock = clock;
    }

    /** Starts missing brokers and returns when the cluster responds. */
    public Running up(Request request) {
        long start = System.nanoTime();
        try (FileChannel lock = directory.lock()) {
            Environment before = Environment.read(directory);
            Map<Integer, ProcessHandle> running = before == null ? Map.of() : BrokerLauncher.running(directory, before);
            Environment wanted = wanted(before, !running.isEmpty(), request);
            boolean wasRunning = running.size() == wanted.nodes().size();
            Environment environment = wasRunning ? wanted : startMissing(wanted, running);
            if (wasRunning) {
                // Running processes are not enough: a broker may still be starting, or be paused.
                awaitReady(environment, List.of());
            }
            return new Running(environment, directory, wasRunning, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot start environment " + directory.name(), e);
        }
    }

    /**
     * An environment that responds.
     *
     * @param wasRunning whether it ran before
     * @param time how long the start took
     */
    public record Running(Environment environment, EnvironmentDirectory directory, boolean wasRunning, Duration time) {}

    private Environment wanted(@Nullable Environment before, boolean isRunning, Request request) {
        if (before == null) {
            return atCreation(request);
        }
        if (!before.engine().equals(ENGINE)) {
            throw directory.refused("it was created with --engine " + before.engine());
        }
        if (request.brokers().isPresent()
                && request.brokers().getAsInt() != before.nodes().size()) {
            throw directory.refused(
                    "it was created with --brokers " + before.nodes().size());
        }
        if (request.port().isEmpty()) {
            return before;
        }
        int wanted = request.port().getAsInt();
        int first = before.nodes().get(0).port();
        if (!isRunning) {
            return wanted == first ? before : moved(before, wanted);
        }
        if (wanted != 0 && wanted != first) {
            throw directory.refused("it runs on port " + first);
        }
        return before;
    }

    /** The same brokers with the same data on other ports. */
    private static Environment moved(Environment before, int first) {
        List<Integer> free = Ports.free(before.nodes().size());
        List<Environment.Node> nodes = new ArrayList<>();
        for (Environment.Node node : before.nodes()) {
            int port = first == 0 ? free.get(nodes.size()) : first + nodes.size();
            nodes.add(new Environment.Node(node.id(), port, node.controllerPort(), node.pid()));
        }
        return new Environment(before.name(), before.engine(), before.clusterId(), nodes);
    }

    private Environment atCreation(Request request) {
        int count = request.brokers().orElse(1);
        int first = request.port().orElse(DEFAULT_PORT);
        List<Integer> free = Ports.free(2 * count);
        List<Environment.Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int port = first == 0 ? free.get(count + i) : first + i;
            nodes.add(new Environment.Node(i + 1, port, free.get(i), 0));
        }
        return new Environment(directory.name(), ENGINE, newClusterId(), nodes);
    }

    static String newClusterId() {
        UUID random = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Environment startMissing(Environment wanted, Map<Integer, ProcessHandle> running) throws IOException {
        Environment environment = running.isEmpty() ? withFreeControllerPorts(wanted) : wanted;
        for (Environment.Node node : environment.nodes()) {
            if (!running.containsKey(node.id())) {
                Ports.requireFree(node.port(), Ports.OTHER_PORT);
            }
        }
        List<Environment.Node> nodes = new ArrayList<>();
        List<Process> started = new ArrayList<>();
        try {
            for (Environment.Node node : environment.nodes()) {
                ProcessHandle process = running.get(node.id());
                if (process == null) {
                    Process fresh = start(environment, node);
                    started.add(fresh);
                    children.add(fresh);
                    process = fresh.toHandle();
                }
                nodes.add(new Environment.Node(node.id(), node.port(), node.controllerPort(), process.pid()));
            }
            Environment result = new Environment(environment.name(), ENGINE, environment.clusterId(), nodes);
            result.write(directory);
            awaitReady(result, started);
            return result;
        } catch (RuntimeException | IOException e) {
            started.forEach(Process::destroyForcibly);
            throw e;
        }
    }

    /** Nobody uses these ports by number, so a restart takes free ones; the client ports stay. */
    private static Environment withFreeControllerPorts(Environment environment) {
        List<Integer> free = Ports.free(environment.nodes().size());
        List<Environment.Node> nodes = new ArrayList<>();
        for (Environment.Node node : environment.nodes()) {
            nodes.add(new Environment.Node(node.id(), node.port(), free.get(nodes.size()), node.pid()));
        }
        return new Environment(environment.name(), environment.engine(), environment.clusterId(), nodes);
    }

    private Process start(Environment environment, Environment.Node node) throws IOException {
        PrivateDirectory.create(directory.root(), directory.data());
        ByteArrayOutputStream settings = new ByteArrayOutputStream();
        BrokerSettings.of(environment, node, directory).store(settings, null);
        AtomicFile.replacePrivately(directory.settings(node.id()), settings.toByteArray());
        return launcher.start(directory, node.id());
    }

    private void awaitReady(Environment environment, List<Process> started) {
        BooleanSupplier anyEnded = () -> started.stream().anyMatch(process -> !process.isAlive());
        boolean answers =
                readiness.await(environment.profile(), environment.nodes().size(), LONGEST_START, anyEnded);
        if (!answers) {
            Path log = directory.log(firstEnded(environment, started));
            throw new Failure(
                    Failure.Kind.FAILED,
                    "environment " + environment.name() + " did not start",
                    (anyEnded.getAsBoolean() ? "the broker ended: " : "no response within 60 s: ") + lastFault(log),
                    "read " + log);
        }
    }

    private static int firstEnded(Environment environment, List<Process> started) {
        List<Long> ended = started.stream()
                .filter(process -> !process.isAlive())
                .map(Process::pid)
                .toList();
        return environment.nodes().stream()
                .filter(node -> ended.contains(node.pid()))
                .findFirst()
                .orElse(environment.nodes().get(0))
                .id();
    }

    private static String lastFault(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.stream()
                    .filter(line -> line.contains("ERROR") || line.contains("Exception"))
                    .reduce((first, second) -> second)
                    .orElse(lines.isEmpty() ? "its log is empty" : lines.get(lines.size() - 1));
        } catch (IOException e) {
            return "its log can't be read";
        }
    }

    /**
     * Stops the brokers of this environment, and no other process.
     *
     * @param delete whether to remove its data and everything else too
     * @return the number of stopped brokers, or -1 if there is no such environment
     */
    public int down(boolean delete) {
        if (Environment.read(directory) == null) {
            return -1;
        }
        try (FileChannel lock = directory.lock()) {
            Environment environment = Environment.read(directory);
            if (environment == null) {
                return -1;
            }
            Map<Integer, ProcessHandle> running = BrokerLauncher.running(directory, environment);
            running.values().forEach(ProcessHandle::destroy);
            awaitEnd(environment);
            awaitGone(running.values());
            CurrentProfile.clear(directories, directory.profileFile());
            if (delete) {
                directory.delete();
            }
            return running.size();
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot stop environment " + directory.name(), e);
        }
    }

    /** Kills all brokers with SIGKILL; {@link #up} starts them again. */
    public void kill() {
        Environment environment = Environment.read(directory);
        if (environment != null) {
            BrokerLauncher.running(directory, environment).values().forEach(ProcessHandle::destroyForcibly);
            awaitEnd(environment);
        }
    }

    /** Deletes environments with these names whose brokers no longer run, for example after a kill. */
    public static void deleteDead(XdgDirectories directories, Predicate<String> names) {
        for (EnvironmentDirectory dead : EnvironmentDirectory.all(directories)) {
            Environment environment = Environment.read(dead);
            if (names.test(dead.name())
                    && environment != null
                    && environment.engine().equals(ENGINE)
                    && BrokerLauncher.running(dead, environment).isEmpty()) {
                dead.delete();
            }
        }
    }

    /** A zombie process (ended, but not reaped by its parent) counts as ended: it has no command line. */
    private void awaitEnd(Environment environment) {
        if (!allEnded(environment, LONGEST_STOP)) {
            BrokerLauncher.running(directory, environment).values().forEach(ProcessHandle::destroyForcibly);
            if (!allEnded(environment, LONGEST_STOP)) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        "environment " + environment.name() + " does not stop",
                        "its processes "
                                + BrokerLauncher.running(directory, environment).values() + " do not end after SIGKILL",
                        "check what blocks the processes, such as a disk that does not respond");
            }
        }
    }

    /**
     * A process without a command line may hold its ports a little longer. A zombie stays until its parent reaps it,
     * so this wait has a limit and no failure.
     */
    private static void awaitGone(Collection<ProcessHandle> processes) {
        long end = System.nanoTime() + LONGEST_SHUTDOWN.toNanos();
        while (System.nanoTime() < end && processes.stream().anyMatch(ProcessHandle::isAlive)) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private boolean allEnded(Environment environment, Duration limit) {
        long end = clock.getAsLong() + limit.toNanos();
        while (!BrokerLauncher.running(directory, environment).isEmpty()) {
            if (clock.getAsLong() > end) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }
}
