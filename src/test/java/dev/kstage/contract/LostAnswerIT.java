package dev.kstage.contract;

import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.RunningProcess;
import dev.kstage.proxy.Loss;
import dev.kstage.proxy.PostgresProxy;
import dev.kstage.proxy.ProxiedKafka;
import java.net.URI;
import java.nio.file.Path;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit that the server has done and that kstage does not know of makes no record come twice, and none be lost. */
@ExtendWith(ProxiedKafka.class)
final class LostAnswerIT {
    private static final int SMALL = 20;

    private final ProxiedKafka.Cluster cluster;
    private final KafkaClients kafka;
    private final Installation kstage;
    private final Path home;
    private final String topic = "t" + System.nanoTime();

    LostAnswerIT(ProxiedKafka.Cluster cluster, @TempDir Path home) {
        this.cluster = cluster;
        this.kafka = cluster.clients();
        this.home = home;
        this.kstage = Installation.in(home).at(cluster.proxied());
    }

    @AfterEach
    void relent() {
        cluster.proxy().relent();
    }

    /** The first transaction has where the partitions start. */
    @ParameterizedTest
    @CsvSource({
        "INIT_PRODUCER_ID, 1, ANSWER_CUT",
        "PRODUCE, 2, ANSWER_CUT",
        "TXN_OFFSET_COMMIT, 1, ANSWER_CUT",
        "TXN_OFFSET_COMMIT, 2, ANSWER_CUT",
        "TXN_OFFSET_COMMIT, 2, REQUEST_CUT",
        "END_TXN, 1, ANSWER_CUT",
        "END_TXN, 2, ANSWER_CUT",
        "END_TXN, 3, REQUEST_CUT",
    })
    void another_topic_has_each_record_once(ApiKeys api, int nth, Loss.Kind kind) {
        StoreUnderTest store = StoreKind.TOPIC.at(home, kafka, topic);
        Loss loss = cluster.proxy().lose(api, nth, kind);

        assertEachOnceIn(store, kstage, store.place(), loss);
    }

    /** The first two transactions are those of the tables and of what they are for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_database_that_is_lost_before_anything_is_read_ends_the_run_and_the_same_command_continues(int nth) {
        PostgresServer server = OnePostgres.server();
        StoreUnderTest store = TableStore.inPostgres(server, topic);
        Installation installed = kstage.with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
        Events events = new Events(kafka, topic, SMALL);
        events.send(10);
        try (PostgresProxy proxy = new PostgresProxy(port(server))) {
            Loss loss = proxy.loseCommitted(nth);
            String place = through(proxy, server);

            installed.run("consume", topic, "--to", place).expect(4);

            loss.await();
            installed.run("consume", topic, "--to", place).expect(0);
        }
        events.assertEachOnceIn(store);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void a_database_has_each_row_once(int nth) {
        PostgresServer server = OnePostgres.server();
        StoreUnderTest store = TableStore.inPostgres(server, topic);
        try (PostgresProxy proxy = new PostgresProxy(port(server))) {
            Loss loss = proxy.loseCommitted(nth);

            assertEachOnceIn(
                    store, kstage.with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD), through(proxy, server), loss);
        }
    }

    private int port(PostgresServer server) {
        return URI.create(server.url(topic)).getPort();
    }

    private String through(PostgresProxy proxy, PostgresServer server) {
        return server.url(topic).replace(":" + port(server) + "/", ":" + proxy.port() + "/") + "?sslmode=disable";
    }

    /** While it goes on, after the loss, and when the same command is run again. */
    private void assertEachOnceIn(StoreUnderTest store, Installation installed, String place, Loss loss) {
        Events events = new Events(kafka, topic, SMALL);
        try (Events.Flow flow = events.flow();
                RunningProcess consume = installed.start("consume", topic, "--to", place, "--follow")) {
            loss.await();
            Events.awaitMore(store, consume);
            consume.signal("TERM");
            consume.await().expect(143);
        }
        installed.run("consume", topic, "--to", place).expect(0);

        events.assertEachOnceIn(store);
    }
}
