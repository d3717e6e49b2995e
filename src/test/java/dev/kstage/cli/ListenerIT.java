package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.DedicatedKafka.Listener;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user is told where the first hello works, and an address that the brokers advertise does not. The
 * cluster has a listener for each way in which it can be of no use, and a plain one that works.
 */
final class ListenerIT {
    // The 8 s of --timeout, and room for a Java that starts on a busy machine: a client on its own tries for a minute.
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static final Listener UNKNOWN = Listener.advertising("UNKNOWN", "kafka.invalid:9092");
    private static final Listener CLOSED = Listener.advertising("CLOSED", "localhost:1");
    private static final Listener SILENT = Listener.advertising("SILENT", "localhost:" + silentPort());
    private static final Listener MUTE = Listener.advertising("MUTE", "localhost:" + mutePort());
    // Only these two are there at more than one broker.
    private static final Listener SOME_UNKNOWN = Listener.honest("SOME_UNKNOWN");
    private static final Listener SOME_CLOSED = Listener.honest("SOME_CLOSED");

    private static String direct = "";

    private final Installation kstage;

    ListenerIT(@TempDir Path home) {
        this.kstage = Installation.in(home);
    }

    /** A port that accepts connections, behind which nobody reads. */
    private static int mutePort() {
        return keep(server(50)).getLocalPort();
    }

    /** A port that drops what comes in: its queue is full. */
    private static int silentPort() {
        ServerSocket full = keep(server(1));
        for (int tries = 0; tries < 20; tries++) {
            Socket socket = keep(new Socket());
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
            } catch (SocketTimeoutException e) {
                return full.getLocalPort();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("a queue of one never fills up here");
    }

    private static ServerSocket server(int backlog) {
        try {
            return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T extends AutoCloseable> T keep(T open) {
        OPEN.push(open);
        return open;
    }

    @BeforeAll
    static void start() {
        DedicatedKafka first =
                keep(DedicatedKafka.start(List.of(UNKNOWN, CLOSED, SILENT, MUTE, SOME_UNKNOWN, SOME_CLOSED), Map.of()));
        keep(first.join(
                2,
                List.of(
                        Listener.advertising("SOME_UNKNOWN", "kafka2.invalid:9092"),
                        Listener.advertising("SOME_CLOSED", "localhost:1"))));
        keep(first.join(3, List.of(Listener.honest("SOME_UNKNOWN"), Listener.honest("SOME_CLOSED"))));
        try (Admin admin = first.clients().admin()) {
            KafkaClients.get(admin.createTopics(List.of(
                            new NewTopic("everywhere", Map.of(0, List.of(1), 1, List.of(2), 2, List.of(3))),
                            new NewTopic("reachable", Map.of(0, List.of(1), 1, List.of(3)))))
                    .all());
        }
        direct = first.clients().bootstrapServers();
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private Outcome refused(Listener listener, String... command) {
        Outcome outcome = kstage.at(listener.address()).run(command).expect(4);
        assertThat(outcome.time()).isLessThan(LIMIT);
        return outcome;
    }

    @Test
    void a_run_that_is_to_wait_says_at_once_what_it_waits_for() {
        String why = UNKNOWN.address() + " answers, but its broker tells clients to connect to kafka.invalid:9092";

        Outcome outcome = kstage.at(UNKNOWN.address())
                .run("consume", "--wait-for-topic", "10s", "--timeout", "2s")
                .expect(4);

        assertThat(outcome.stderr()).containsSubsequence("kstage: waiting for Kafka: " + why, "  why: " + why);
    }

    @Test
    void every_command_names_the_address_that_is_advertised_and_the_one_that_works() {
        for (List<String> command : List.of(
                List.of("topic", "list"),
                List.of("topic", "create", "events"),
                List.of("produce"),
                List.of("produce", "--run-id", "first"),
                List.of("consume", "--to", "out/"),
                List.of("verify", "kafka:everywhere", "--seed", "1", "--count", "5"),
                List.of("smoke"))) {
            Outcome outcome = refused(UNKNOWN, command.toArray(String[]::new));

            assertThat(outcome.stderr())
                    .contains(
                            UNKNOWN.address() + " answers, but its broker tells clients to connect to"
                                    + " kafka.invalid:9092 (no host of that name is known here)",
                            "try: connect to " + direct + " instead (-b " + direct + ")")
                    .doesNotContain("may not be deleted");
        }
        kstage.run("topic", "list", "-b", direct).expect(0);
    }

    @Test
    void an_advertised_port_where_nothing_listens_is_named() {
        for (List<String> command : List.of(List.of("topic", "describe", "everywhere"), List.of("consume"))) {
            assertThat(refused(CLOSED, command.toArray(String[]::new)).stderr())
                    .contains("localhost:1 (connection refused", "connect to " + direct)
                    .doesNotContain("container");
        }
    }

    @Test
    void an_advertised_address_that_drops_what_it_is_sent_is_named() {
        assertThat(refused(SILENT, "produce").stderr())
                .contains(SILENT.advertised() + " (no answer", "connect to " + direct);
    }

    @Test
    void an_advertised_port_that_accepts_and_does_not_answer_is_named() {
        assertThat(refused(MUTE, "consume", "--timeout", "5s").stderr())
                .contains(MUTE.advertised() + " (it accepts connections and does not answer)", "connect to " + direct);
    }

    @Test
    void a_short_time_limit_is_kept_and_still_explained() {
        Outcome outcome = refused(CLOSED, "topic", "list", "--timeout", "2s");

        assertThat(outcome.stderr()).contains("localhost:1 (connection refused");
        assertThat(outcome.time()).isLessThan(LIMIT.minusSeconds(6));
    }

    @Test
    void one_broker_of_three_with_an_unknown_name_is_named_before_anything_is_sent() {
        Outcome outcome = refused(SOME_UNKNOWN, "produce", "everywhere", "--count", "30");

        assertThat(outcome.stderr())
                .contains(
                        "1 of the 3 brokers that it names can't be reached from here: broker 2 at kafka2.invalid:9092",
                        "connect to " + direct);
        assertThat(kstage.run("topic", "list", "-b", direct, "-o", "json")
                        .expect(0)
                        .stdout())
                .contains("everywhere");
        assertThat(kstage.run("consume", "everywhere", "-b", direct).expect(0).stdout())
                .isEmpty();
    }

    @Test
    void one_broker_of_three_that_a_reader_needs_is_named() {
        assertThat(refused(SOME_UNKNOWN, "consume", "everywhere", "--timeout", "5s")
                        .stderr())
                .contains("cannot read topic everywhere", "broker 2 at kafka2.invalid:9092");
    }

    @Test
    void one_broker_of_three_that_refuses_is_named_once_the_producer_gives_up() {
        Outcome outcome = refused(
                SOME_CLOSED,
                "produce",
                "everywhere",
                "--partition",
                "1",
                "--count",
                "9",
                "-X",
                "delivery.timeout.ms=3000",
                "-X",
                "request.timeout.ms=1000");

        assertThat(outcome.stderr())
                .contains("not everything was acknowledged", "broker 2 at localhost:1 (connection refused");
    }

    @Test
    void what_does_not_need_the_unreachable_broker_works() {
        Installation here = kstage.at(SOME_UNKNOWN.address());

        here.run("produce", "reachable", "--count", "10").expect(0);
        assertThat(here.run("consume", "reachable").expect(0).lines()).hasSize(10);
        here.run("topic", "list").expect(0);
    }
}
