package dev.kstage.installed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker that a test starts with settings of its own, by the main class that {@code env up} starts, so
 * that nothing in kstage has to know of them. Beside the plain listener it has others whose advertised
 * address is the test's to choose: that of a proxy, or one that is of no use. It ends with the test's
 * process.
 */
public final class DedicatedKafka implements AutoCloseable {
    /** How many partitions the topic of the groups' offsets has. */
    public static final int OFFSETS_PARTITIONS = 4;

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private Process process;
    private final KafkaClients clients;
    private final String controller;

    private DedicatedKafka(Path directory, Process process, KafkaClients clients, String controller) {
        this.directory = directory;
        this.process = process;
        this.clients = clients;
        this.controller = controller;
    }

    /**
     * A listener on loopback.
     *
     * @param port on which it really listens
     * @param advertised what it tells its clients, as {@code HOST:PORT}
     */
    public record Listener(String name, int port, String advertised) {
        /** One that tells its clients to connect elsewhere. */
        public static Listener advertising(String name, String advertised) {
            return new Listener(name, freePort(), advertised);
        }

        /** One that tells its clients where it is. */
        public static Listener honest(String name) {
            int port = freePort();
            return new Listener(name, port, "localhost:" + port);
        }

        /** Where it really listens. */
        public String address() {
            return "localhost:" + port;
        }
    }

    /** A port of loopback that nobody has now, and that was not given before: the system may give one again at once. */
    public static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN_PORTS.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Starts it and returns when it answers.
     *
     * @param secondPort on which the second listener really listens
     * @param advertisedPort which the second listener tells its clients
     */
    public static DedicatedKafka start(int secondPort, int advertisedPort, Map<String, String> more) {
        return start(List.of(new Listener("SECOND", secondPort, "127.0.0.1:" + advertisedPort)), more);
    }

    /** The same with any number of listeners beside the plain one. */
    public static DedicatedKafka start(List<Listener> others, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        return start(others, "127.0.0.1:" + freePort(), settings);
    }

    /** One more broker of this one's cluster. */
    public DedicatedKafka join(int id, List<Listener> others) {
        return join(id, others, Map.of());
    }

    /** The same with settings of its own. */
    public DedicatedKafka join(int id, List<Listener> others, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("process.roles", "broker");
        settings.put("node.id", String.valueOf(id));
        return start(others, controller, settings);
    }

    private static DedicatedKafka start(List<Listener> others, String controller, Map<String, String> more) {
        List<Listener> listeners = new ArrayList<>(others);
        int port = freePort();
        listeners.add(new Listener("DIRECT", port, "127.0.0.1:" + port));
        try {
            Path directory = Files.createTempDirectory("kstage-own-kafka");
            Path file = directory.resolve("server.properties");
            try (OutputStream to = Files.newOutputStream(file)) {
                settings(directory, listeners, controller, more).store(to, null);
            }
            DedicatedKafka kafka = new DedicatedKafka(
                    directory, launch(directory, file), new KafkaClients("127.0.0.1:" + port), controller);
            kafka.awaitAnswer();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties settings(
            Path directory, List<Listener> listeners, String controller, Map<String, String> more) {
        String listening = join(listeners, each -> each.name() + "://127.0.0.1:" + each.port());
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "kstage.cluster.id",
                "own-kafka-of-a-test-00",
                "controller.quorum.voters",
                "1@" + controller,
                "listeners",
                "broker".equals(more.get("process.roles")) ? listening : listening + ",CONTROLLER://" + controller,
                "advertised.listeners",
                join(listeners, each -> each.name() + "://" + each.advertised()),
                "controller.listener.names",
                "CONTROLLER",
                "inter.broker.listener.name",
                "DIRECT",
                "listener.security.protocol.map",
                join(listeners, each -> each.name() + ":PLAINTEXT") + ",CONTROLLER:PLAINTEXT",
                "log.dirs",
                directory.resolve("data").toString()));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "offsets.topic.num.partitions", String.valueOf(OFFSETS_PARTITIONS),
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.num.partitions", "4",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)));
        settings.putAll(more);
        return settings;
    }

    private static String join(List<Listener> listeners, Function<Listener, String> words) {
        return listeners.stream().map(words).collect(Collectors.joining(","));
    }

    private static Process launch(Path directory, Path settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData"));
        ClassArchive.file().ifPresent(archive -> command.add("-XX:SharedArchiveFile=" + archive));
        command.addAll(List.of(
                "-cp",
                Installation.jar().toString(),
                "dev.kstage.env.BrokerProcess",
                settings.toString(),
                "--until-input-ends"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitAnswer() {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        try (Admin admin = clients.admin()) {
            while (process.isAlive() && System.nanoTime() < end) {
                if (answers(admin)) {
                    return;
                }
            }
            throw new AssertionError("no broker: " + Files.readString(directory.resolve("log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(500, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Clients of the plain listener. */
    public KafkaClients clients() {
        return clients;
    }

    /** Kills it, and starts it again with its data. */
    public void dieAndComeBack() {
        die();
        comeBack();
    }

    public void die() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again with its data. */
    public void comeBack() {
        try {
            process = launch(directory, directory.resolve("server.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswer();
    }

    @Override
    public void close() {
        die();
        SharedKafka.delete(directory);
    }
}
