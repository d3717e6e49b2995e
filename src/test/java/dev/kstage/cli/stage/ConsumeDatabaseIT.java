package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import dev.kstage.installed.SharedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The promise with a database: killed, paused, cut off or filled up, every record is there once. */
@ExtendWith({SharedKafka.class, SharedPostgres.class})
final class ConsumeDatabaseIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeDatabaseIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home)
                .asProcess()
                .at(kafka.bootstrapServers())
                .with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
    }

    private List<String> sqlite(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + kstage.file("events.db"))) {
            return PostgresServer.query(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What the table has to hold: partition, offset and value of every record, in this order. */
    private List<String> expected(String topic) {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>(kafka.read(topic));
        records.sort((one, other) -> one.partition() == other.partition()
                ? Long.compare(one.offset(), other.offset())
                : one.partition() - other.partition());
        return records.stream()
                .map(each -> each.partition() + "|" + each.offset() + "|" + KafkaClients.text(each.value()))
                .toList();
    }

    private static String all(String table) {
        return "SELECT _partition, _offset, _value FROM " + table + " ORDER BY _partition, _offset";
    }

    @Test
    void three_share_a_table_and_one_that_sleeps_in_a_transaction_neither_stops_them_nor_stores_twice(
            PostgresServer server) {
        kafka.createTopic("dbshared", 3);
        server.createDatabase("dbshared");
        String to = server.url("dbshared");
        Path paused = kstage.file("paused");
        Installation sleepy = kstage.with("JDK_JAVA_OPTIONS", "-Dkstage.failpoint=database.moved@3:pause=" + paused);
        String[] follow = {"consume", "dbshared", "--to", to, "--follow"};
        try (RunningProcess sleeper = sleepy.start(follow)) {
            kstage.run("produce", "dbshared", "--count", "1000", "--seed", "1").expect(0);
            Eventually.await("the sleeper's first rows", LIMIT, () -> count(server, "dbshared") > 0);
            kstage.run("produce", "dbshared", "--count", "1000", "--seed", "2").expect(0);
            Eventually.await("the sleeper to hold its locks", LIMIT, () -> Files.exists(paused));
            sleeper.signal("STOP");
            try (RunningProcess second = kstage.start(follow);
                    RunningProcess third = kstage.start(follow)) {
                Eventually.await(
                        "others to store what the sleeper held", LIMIT, () -> count(server, "dbshared") == 2000);
                sleeper.signal("CONT");
                delete(paused);
                kstage.run("produce", "dbshared", "--count", "1000", "--seed", "3")
                        .expect(0);
                Eventually.await("all three to store the rest", LIMIT, () -> count(server, "dbshared") == 3000);
                for (RunningProcess each : List.of(sleeper, second, third)) {
                    assertThat(each.isAlive()).as(each::stderr).isTrue();
                    each.signal("TERM");
                }
                second.await().expect(143);
                third.await().expect(143);
            }
            sleeper.await().expect(143);
        }
        assertThat(server.query("dbshared", all("dbshared"))).isEqualTo(expected("dbshared"));
    }

    private static void delete(Path file) {
        assertThat(file.toFile().delete()).isTrue();
    }

    private static long count(PostgresServer server, String topic) {
        return server.query(topic, "SELECT 1 FROM pg_tables WHERE tablename = '" + topic + "'")
                        .isEmpty()
                ? 0
                : Long.parseLong(
                        server.query(topic, "SELECT count(*) FROM " + topic).get(0));
    }

    @Test
    void a_server_that_dies_and_comes_back_is_waited_for() {
        try (PostgresServer server = PostgresServer.start()) {
            kafka.createTopic("dbcrash", 2);
            server.createDatabase("dbcrash");
            try (RunningProcess produce = kstage.start("produce", "dbcrash", "--count", "40000", "--rate", "4000");
                    RunningProcess consume =
                            kstage.start("consume", "dbcrash", "--to", server.url("dbcrash"), "--follow")) {
                for (int crash = 0; crash < 2; crash++) {
                    long before = count(server, "dbcrash");
                    Eventually.await("more rows", LIMIT, () -> count(server, "dbcrash") > before);
                    server.crash();
                    assertThat(consume.endsWithin(Duration.ofSeconds(2)))
                            .as(consume::stderr)
                            .isFalse();
                    server.startAgain();
                }
                produce.await().expect(0);
                Eventually.await("all rows", LIMIT, () -> count(server, "dbcrash") == 40_000);
                consume.signal("TERM");
                consume.await().expect(143);
            }
            assertThat(server.query("dbcrash", all("dbcrash"))).isEqualTo(expected("dbcrash"));
        }
    }

    @Test
    void a_full_sqlite_is_a_failure_and_with_room_again_the_same_command_completes() {
        kstage.run("produce", "dbfull", "--count", "20000").expect(0);

        Outcome pages = kstage.run("consume", "dbfull", "--to", "sqlite:events.db?max_page_count=60")
                .expect(1);
        assertThat(pages.stderr()).contains("cannot store in sqlite:", "full", "free some space");
        assertThat(pages.stdout()).contains("consumed 0 records of dbfull", "lag 20,000; stopped at: failure");
        assertThat(sqlite("SELECT count(*) FROM dbfull")).containsExactly("0");
        // Enough for the library of SQLite, which is unpacked first, and not for the rows.
        Outcome file = kstage.shell("ulimit -f 1500; kstage consume dbfull --to sqlite:events.db")
                .expect(1);
        assertThat(file.stderr()).contains("cannot store in sqlite:", "free some space");

        kstage.run("consume", "dbfull", "--to", "sqlite:events.db").expect(0);
        assertThat(sqlite(all("dbfull"))).isEqualTo(expected("dbfull"));
    }

    @Test
    void what_does_not_fit_is_counted_as_a_dead_letter(PostgresServer server) {
        kafka.createTopic("dbpoison", 1);
        kafka.send("dbpoison", 0, "{\"n\":1,\"s\":\"a\"}", "{\"n\":\"x\"}", "{\"s\":\"\\u0000\"}", "{bad", "{}");
        server.createDatabase("dbpoison");
        for (String to : List.of("sqlite:events.db", server.url("dbpoison"))) {
            JsonNode report = kstage.run(
                            "consume",
                            "dbpoison",
                            "--to",
                            to,
                            "--columns",
                            "n int, s text",
                            "--dead-letter",
                            "bad",
                            "-o",
                            "json")
                    .expect(0)
                    .report();
            boolean sqlite = to.startsWith("sqlite");
            assertThat(report.get("read").asLong()).isEqualTo(5);
            assertThat(report.get("stored").asLong()).isEqualTo(sqlite ? 3 : 2);
            assertThat(report.get("deadLettered").asLong()).isEqualTo(sqlite ? 2 : 3);
            assertThat(report.get("group").asText()).startsWith("kstage-dbpoison-");
        }
        assertThat(server.query("dbpoison", "SELECT _offset, n, s FROM dbpoison ORDER BY 1"))
                .containsExactly("0|1|a", "4|null|null");
        assertThat(server.query("dbpoison", "SELECT _offset FROM bad ORDER BY 1"))
                .containsExactly("1", "2", "3");
        assertThat(sqlite("SELECT _offset FROM bad ORDER BY 1")).containsExactly("1", "3");
    }

    @Test
    void a_report_names_user_and_table_so_that_what_it_says_can_be_given_again(PostgresServer server) {
        kstage.run("produce", "dbsink", "--count", "10", "--seed", "1").expect(0);
        server.createDatabase("dbsink");
        server.execute("dbsink", "CREATE SCHEMA shop");
        String sink = kstage.run("consume", "dbsink", "--to", server.url("dbsink"), "--table", "shop.c2", "-o", "json")
                .expect(0)
                .report()
                .get("sink")
                .asText();

        assertThat(sink).isEqualTo(server.url("dbsink") + "?table=shop.c2");
        Outcome again =
                kstage.run("consume", "dbsink", "--to", sink, "-o", "json").expect(0);
        assertThat(again.report().get("stored").asLong()).isZero();
        assertThat(again.report().get("sink").asText()).isEqualTo(sink);
        for (String place : List.of(sink, server.url("dbsink"))) {
            kstage.run("verify", place, "--topic", "dbsink", "--seed", "1", "--count", "10")
                    .expect(0);
            kstage.run("dead-letter", "list", place).expect(0);
        }
        Outcome two =
                kstage.run("consume", "dbsink", "--to", sink, "--table", "c3").expect(2);
        assertThat(two.stderr()).contains("--table names c3", "table=shop.c2");
        Outcome sqlite = kstage.run("consume", "dbsink", "--to", "sqlite:events.db", "-o", "json")
                .expect(0);
        assertThat(sqlite.report().get("sink").asText()).isEqualTo("sqlite:events.db?table=dbsink");
    }

    @Test
    void a_secret_in_a_url_is_refused_wherever_a_destination_is_named_and_never_shown() {
        String url = "jdbc:sqlserver://db;trustStorePassword=topsecret";
        for (List<String> command : List.of(
                List.of("consume", "dbsecret2", "--to", url),
                List.of("consume", "dbsecret2", "--to", "sqlite:x.db", "--dead-letter", url),
                List.of("verify", url, "--seed", "1", "--count", "1"),
                List.of("dead-letter", "list", url),
                List.of("dead-letter", "show", url, "0:1"))) {
            Outcome refused = kstage.run(command.toArray(String[]::new)).expect(2);
            assertThat(refused.stderr() + refused.stdout())
                    .contains("trustStorePassword")
                    .doesNotContain("topsecret");
        }
    }

    @Test
    void passwords_are_taken_from_files_and_never_from_arguments_or_shown(PostgresServer server) {
        kafka.createTopic("dbsecret", 1);
        server.createDatabase("dbsecret");
        Installation.write(kstage.file("password"), PostgresServer.PASSWORD + "\n");
        Installation without = kstage.with("KSTAGE_DB_PASSWORD", "wrong-and-secret");

        Outcome wrong = without.run("consume", "dbsecret", "--to", server.url("dbsecret"), "-vv")
                .expect(2);
        assertThat(wrong.stderr()).contains("password authentication failed").doesNotContain("wrong-and-secret");
        without.run("consume", "dbsecret", "--to", server.url("dbsecret"), "--password-file", "password")
                .expect(0);
        Outcome argument = kstage.run("consume", "dbsecret", "--to", "postgresql://me:topsecret@localhost/db")
                .expect(2);
        assertThat(argument.stderr())
                .contains("the database URL contains a password", "KSTAGE_DB_PASSWORD")
                .doesNotContain("topsecret");
    }
}
