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
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker that a test starts with settings of its own, by the main class that {@code env up} starts, so
 * that nothing in kstage has to know of them. Beside the plain listener it has a second one whose
 * advertised address is the test's to choose: that of a proxy, or one that is of no use. It ends with the
 * test's process.
 */
public final class OwnKafka implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Path directory;
    private final Process process;
    private final KafkaClients clients;
    private final String controller;

    private OwnKafka(Path directory, Process process, KafkaClients clients, String controller) {
        this.directory = directory;
        this.process = process;
        this.clients = clients;
        this.controller = controller;
    }

    /** A port of loopback that nobody has now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it and returns when it answers.
     *
     * @param secondPort on which the second listener really listens
     * @param advertisedPort which the second listener tells its clients
     */
    public static OwnKafka start(int secondPort, int advertisedPort, Map<String, String> more) {
        return start(secondPort, "127.0.0.1:" + advertisedPort, more);
    }

    /** @param advertised what the second listener tells its clients, as {@code HOST:PORT} */
    public static OwnKafka start(int secondPort, String advertised, Map<String, String> more) {
        return start(secondPort, advertised, "127.0.0.1:" + freePort(), more);
    }

    /** Another broker of the same cluster; see {@link #start}. */
    public OwnKafka join(int id, int secondPort, String advertised) {
        return start(
                secondPort, advertised, controller, Map.of("process.roles", "broker", "node.id", String.valueOf(id)));
    }

    private static OwnKafka start(int secondPort, String advertised, String controller, Map<String, String> more) {
        int port = freePort();
        try {
            Path directory = Files.createTempDirectory("kstage-own-kafka");
            Path file = directory.resolve("server.properties");
            try (OutputStream to = Files.newOutputStream(file)) {
                settings(directory, port, secondPort, advertised, controller, more)
                        .store(to, null);
            }
            OwnKafka kafka =
                    new OwnKafka(directory, launch(directory, file), new KafkaClients("127.0.0.1:" + port), controller);
            kafka.awaitAnswer();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties settings(
            Path directory, int port, int secondPort, String advertised, String controller, Map<String, String> more) {
        String listeners = "DIRECT://127.0.0.1:" + port + ",SECOND://127.0.0.1:" + secondPort;
        boolean joins = "broker".equals(more.get("process.roles"));
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "kstage.cluster.id", "own-kafka-of-a-test-00",
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@" + controller,
                "listeners", joins ? listeners : listeners + ",CONTROLLER://" + controller,
                "advertised.listeners", "DIRECT://127.0.0.1:" + port + ",SECOND://" + advertised,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "DIRECT",
                "listener.security.protocol.map", "DIRECT:PLAINTEXT,SECOND:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs", directory.resolve("data").toString()));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.num.partitions", "4",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)));
        settings.putAll(more);
        return settings;
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

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        SharedKafka.delete(directory);
    }
}
