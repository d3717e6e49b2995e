package dev.kstage.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.SharedKafka;
import dev.kstage.installed.SharedPostgres;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What verify says of each kind of place, good and bad. */
@ExtendWith({SharedKafka.class, SharedPostgres.class})
final class VerifyIT {
    private final Installation kstage;
    private final Installation withoutKafka;
    private final KafkaClients kafka;

    VerifyIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.withoutKafka = Installation.in(home).asProcess().with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
        this.kstage = withoutKafka.at(kafka.bootstrapServers());
    }

    private void produce(String topic, int count) {
        kafka.createTopic(topic, 3);
        kstage.run("produce", topic, "--count", String.valueOf(count), "--seed", "5", "--report", "run.json")
                .expect(0);
    }

    private static String said(Outcome verify) {
        JsonNode report = verify.report();
        StringBuilder said = new StringBuilder(
                report.get("verdict").asText() + ": " + report.get("stored").asLong() + " of "
                        + report.get("expected").asLong() + " stored");
        for (String key : List.of(
                "deadLettered",
                "lost",
                "notConsumedYet",
                "duplicated",
                "mismatched",
                "reordered",
                "foreign",
                "damaged")) {
            if (report.get(key).isNull() || report.get(key).asLong() > 0) {
                said.append(", " + key + " " + report.get(key));
            }
        }
        return said.toString();
    }

    @Test
    void a_file_is_right_until_a_line_is_lost_doubled_or_changed() throws IOException {
        produce("verify-file", 2000);
        kstage.run("consume", "verify-file", "--to", "out.jsonl").expect(0);

        Outcome good = withoutKafka
                .run("verify", "out.jsonl", "--producer-report", "run.json", "--junit", "v.xml", "-o", "json")
                .expect(0);

        assertThat(said(good)).isEqualTo("passed: 2000 of 2000 stored");
        assertThat(Outcome.keys(good.report()))
                .containsExactly(
                        "command",
                        "verdict",
                        "destination",
                        "topic",
                        "runId",
                        "seed",
                        "expected",
                        "stored",
                        "deadLettered",
                        "unacknowledged",
                        "others",
                        "lost",
                        "notConsumedYet",
                        "duplicated",
                        "mismatched",
                        "reordered",
                        "foreign",
                        "damaged",
                        "uncommittedBytes",
                        "durationMs",
                        "examples",
                        "checks");
        assertThat(Files.readString(kstage.file("v.xml"))).contains("failures=\"0\"");

        List<String> lines = new ArrayList<>(Installation.linesOf(kstage.file("out.jsonl")));
        lines.set(10, lines.get(10).replace("2026-01", "2027-01"));
        lines.set(20, lines.get(21));
        lines.add("{\"not\":\"ours\"}");
        Files.write(kstage.file("bad.jsonl"), lines);
        Outcome bad = withoutKafka
                .run("verify", "bad.jsonl", "--producer-report", "run.json", "--junit", "v.xml", "-o", "json")
                .expect(3);

        assertThat(said(bad))
                .isEqualTo("failed: 2001 of 2000 stored, lost 1, notConsumedYet null, duplicated 1, mismatched 1,"
                        + " foreign 1");
        assertThat(bad.report().get("examples").get("mismatched").get(0).asText())
                .startsWith("line 11 differs from event ");
        assertThat(Files.readString(kstage.file("v.xml"))).contains("failures=\"4\"");
    }

    @Test
    void what_is_not_consumed_yet_is_distinguished_from_what_is_lost() throws IOException {
        produce("verify-part", 3000);
        kstage.run("consume", "verify-part", "--to", "out.jsonl", "--count", "1000")
                .expect(0);

        Outcome part = kstage.run("verify", "out.jsonl", "--producer-report", "run.json", "-o", "json")
                .expect(4);
        Outcome blind = withoutKafka
                .run("verify", "out.jsonl", "--producer-report", "run.json")
                .expect(3);

        assertThat(said(part)).isEqualTo("incomplete: 1000 of 3000 stored, notConsumedYet 2000");
        assertThat(part.stderr()).contains("run `kstage consume` to this destination again");
        assertThat(blind.stdout()).contains("missing events may be lost, or not consumed yet");

        List<String> lines = Installation.linesOf(kstage.file("out.jsonl"));
        Files.write(kstage.file("out.jsonl"), lines.subList(0, 990));
        Outcome torn = kstage.run("verify", "out.jsonl", "--producer-report", "run.json", "-o", "json")
                .expect(3);
        assertThat(said(torn)).isEqualTo("failed: 990 of 3000 stored, lost 10, notConsumedYet 2000, damaged 1");
    }

    @Test
    void what_a_killed_run_left_behind_the_committed_length_is_no_row() throws IOException {
        produce("verify-tail", 500);
        kstage.run("consume", "verify-tail", "--to", "out.jsonl").expect(0);
        Files.writeString(kstage.file("out.jsonl"), "{\"half\":", StandardOpenOption.APPEND);

        Outcome left = kstage.run("verify", "out.jsonl", "--producer-report", "run.json")
                .expect(4);
        assertThat(left.stderr()).contains("not committed");

        kstage.run("consume", "verify-tail", "--to", "out.jsonl").expect(0);
        kstage.run("verify", "out.jsonl", "--producer-report", "run.json").expect(0);
    }

    @Test
    void a_line_that_occurs_twice_is_found_though_it_moves_what_is_committed() throws IOException {
        produce("verify-twice", 500);
        kstage.run("consume", "verify-twice", "--to", "out.jsonl").expect(0);
        List<String> lines = new ArrayList<>(Installation.linesOf(kstage.file("out.jsonl")));
        // Of another length than the last, so that the committed length is within a line.
        int twice = 0;
        while (lines.get(twice).length() == lines.get(499).length()) {
            twice++;
        }
        lines.add(twice, lines.get(twice));
        Files.write(kstage.file("out.jsonl"), lines);
        Outcome doubled = kstage.run("verify", "out.jsonl", "--producer-report", "run.json", "-o", "json")
                .expect(3);
        assertThat(said(doubled)).isEqualTo("failed: 501 of 500 stored, duplicated 1, damaged 1");
    }

    @Test
    void a_directory_is_read_by_its_segments() throws IOException {
        produce("verify-dir", 2000);
        kstage.run("consume", "verify-dir", "--to", "out/", "--count", "700").expect(0);
        Outcome part = kstage.run("verify", "out/", "--producer-report", "run.json", "-o", "json")
                .expect(4);
        assertThat(said(part)).isEqualTo("incomplete: 700 of 2000 stored, notConsumedYet 1300");

        kstage.run("consume", "verify-dir", "--to", "out/").expect(0);
        Outcome good = kstage.run("verify", "out/", "--producer-report", "run.json", "-o", "json")
                .expect(0);
        assertThat(said(good)).isEqualTo("passed: 2000 of 2000 stored");

        Path segment;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(kstage.file("out"), "*.jsonl")) {
            segment = segments.iterator().next();
        }
        byte[] bytes = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(bytes, bytes.length - 3));
        String[] verify = {
            "verify", "out/", "--producer-report", "run.json", "--report", "v.json", "--junit", "v.xml", "-o", "json"
        };
        Outcome torn = kstage.run(verify).expect(3);
        assertThat(said(torn)).isEqualTo("failed: 2000 of 2000 stored, mismatched 1, damaged 1");
        assertThat(torn.report().get("examples").get("damaged").get(0).asText())
                .startsWith(segment.getFileName() + " ends within a line: it has ");
        assertThat(Files.readString(kstage.file("v.json"))).contains("\"damaged\":1");
        assertThat(Files.readString(kstage.file("v.xml"))).contains("failures=\"2\"", "nothing damaged");
        assertThat(kstage.run("verify", "out/", "--producer-report", "run.json")
                        .expect(3)
                        .stdout())
                .contains("nothing damaged", "1 fault of the destination: ");

        Files.delete(segment);
        Outcome bad = kstage.run("verify", "out/", "--producer-report", "run.json", "-o", "json")
                .expect(3);
        assertThat(bad.report().get("lost").asLong()).isPositive();
        assertThat(bad.report().get("notConsumedYet").asLong()).isZero();
    }

    @Test
    void a_table_of_sqlite_is_right_until_a_row_is_lost_doubled_or_changed() {
        judgesATable("verify-sqlite", "sqlite:events.db", this::executeInSqlite);
    }

    @Test
    void a_table_of_postgresql_is_right_until_a_row_is_lost_doubled_or_changed(PostgresServer server) {
        server.createDatabase("verify");
        judgesATable("verify-postgres", server.url("verify"), sql -> server.execute("verify", sql));
    }

    private void executeInSqlite(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + kstage.file("events.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void judgesATable(String topic, String place, Consumer<String> execute) {
        produce(topic, 2000);
        String columns = "user_id text, event_type text, amount numeric";
        kstage.run("consume", topic, "--to", place, "--count", "700", "--columns", columns)
                .expect(0);
        assertThat(said(kstage.run("verify", place, "--producer-report", "run.json", "-o", "json")
                        .expect(4)))
                .isEqualTo("incomplete: 700 of 2000 stored, notConsumedYet 1300");

        kafka.send(topic, 0, "no JSON");
        kstage.run("consume", topic, "--to", place, "--columns", columns).expect(0);
        Outcome good = withoutKafka
                .run("verify", place, "--producer-report", "run.json", "--allow-foreign-records", "-o", "json")
                .expect(0);
        assertThat(said(good)).isEqualTo("passed: 2000 of 2000 stored");
        assertThat(good.report().get("others").asLong()).isEqualTo(1);
        Outcome alone = withoutKafka
                .run("verify", place, "--seed", "5", "--count", "2000", "--table", topic, "-o", "json")
                .expect(3);
        assertThat(said(alone)).isEqualTo("failed: 2000 of 2000 stored, foreign 1");
        assertThat(alone.report().get("examples").get("foreign").get(0).asText())
                .matches("dead-letter record 0:\\d+ is no event of the run");

        String table = '"' + topic + '"';
        String at = " WHERE _partition = 1 AND _offset = ";
        execute.accept("DELETE FROM " + table + at + "10");
        execute.accept("UPDATE " + table + " SET _value = '{\"strange\":1}'" + at + "20");
        execute.accept("UPDATE " + table + " SET _key = 'kk'" + at + "40");
        execute.accept("UPDATE " + table + " SET amount = 5.001" + at + "41");
        execute.accept("INSERT INTO " + table + " SELECT _topic, _partition, 1000000, _timestamp, _key, _value,"
                + " user_id, event_type, amount FROM " + table + at + "30");
        Outcome bad = kstage.run("verify", place, "--producer-report", "run.json", "--junit", "v.xml", "-o", "json")
                .expect(3);

        assertThat(said(bad)).isEqualTo("failed: 2000 of 2000 stored, lost 2, duplicated 1, mismatched 2, foreign 2");
        assertThat(bad.report().get("examples").get("mismatched").get(1).asText())
                .isEqualTo("partition 1, offset 41 has 5.001 in column amount, which differs from its value");
        assertThat(bad.report().get("examples").get("mismatched").get(0).asText())
                .startsWith("partition 1, offset 40 has key \"kk\", and event ");
        assertThat(bad.report().get("examples").get("foreign").get(0).asText())
                .isEqualTo("partition 1, offset 20 is no event of the run");
        assertThat(bad.report().get("examples").get("duplicated").get(0).asText())
                .startsWith("partition 1, offset 1000000 is event ");
    }

    @Test
    void which_table_is_meant_must_be_clear() {
        kafka.createTopic("verify-tables", 1);
        kafka.send("verify-tables", 0, "{}");
        kstage.run("consume", "verify-tables", "--to", "sqlite:two.db", "--table", "one")
                .expect(0);
        kstage.run("consume", "verify-tables", "--to", "sqlite:two.db", "--table", "other")
                .expect(0);
        String[] verify = {"verify", "sqlite:two.db", "--seed", "1", "--count", "1"};

        assertThat(kstage.run(verify).expect(2).stderr())
                .contains("cannot choose a table of sqlite:two.db")
                .contains("2 tables match: one, other");
        assertThat(kstage.run("verify", "sqlite:two.db", "--seed", "1", "--count", "1", "--table", "third")
                        .expect(1)
                        .stderr())
                .contains("cannot read table third in sqlite:two.db")
                .contains("there is no such table");
        assertThat(kstage.run("verify", "sqlite:none.db", "--seed", "1", "--count", "1")
                        .expect(1)
                        .stderr())
                .contains("there is no such file");
        assertThat(kstage.file("none.db")).doesNotExist();
    }

    @Test
    void a_topic_and_the_topic_that_it_was_stored_in_are_read_by_their_records() {
        kafka.createTopic("verify-from", 3);
        kafka.createTopic("verify-to", 3);
        kstage.run("produce", "verify-from", "--count", "1500", "--run-id", "nightly", "--report", "run.json")
                .expect(0);
        kstage.run("consume", "verify-from", "--to", "kafka:verify-to", "--count", "500")
                .expect(0);

        Outcome source = kstage.run("verify", "kafka:verify-from", "--run-id", "nightly", "-o", "json")
                .expect(0);
        assertThat(source.report().get("topic").asText()).isEqualTo("verify-from");
        assertThat(said(kstage.run("verify", "kafka:verify-to", "--run-id", "nightly", "-o", "json")
                        .expect(4)))
                .isEqualTo("incomplete: 500 of 1500 stored, notConsumedYet 1000");
        assertThat(kstage.run("verify", "kafka:verify-to", "--run-id", "weekly")
                        .expect(2)
                        .stderr())
                .contains("there is no run weekly");
        Outcome part = kstage.run("verify", "kafka:verify-to", "--producer-report", "run.json", "-o", "json")
                .expect(4);

        assertThat(said(source)).isEqualTo("passed: 1500 of 1500 stored");
        assertThat(said(part)).isEqualTo("incomplete: 500 of 1500 stored, notConsumedYet 1000");

        kstage.run("consume", "verify-from", "--to", "kafka:verify-to").expect(0);
        kstage.run("verify", "kafka:verify-to", "--producer-report", "run.json").expect(0);
        kafka.send("verify-to", 0, "stranger");
        assertThat(said(kstage.run("verify", "kafka:verify-to", "--producer-report", "run.json", "-o", "json")
                        .expect(3)))
                .isEqualTo("failed: 1501 of 1500 stored, foreign 1");
        assertThat(kstage.run("verify", "kafka:verify-to", "--producer-report", "run.json")
                        .expect(3)
                        .stdout())
                .contains("with --allow-foreign-records, events of other programs do not fail the check");
        kstage.run("verify", "kafka:verify-to", "--producer-report", "run.json", "--allow-foreign-records")
                .expect(0);
    }

    @Test
    void keys_are_those_that_the_run_gave() {
        kafka.createTopic("verify-keys", 3);
        kafka.createTopic("verify-keys-of-lines", 1);
        kafka.createTopic("verify-keys-wrong", 1);
        kstage.run(
                        "produce",
                        "verify-keys",
                        "--count",
                        "300",
                        "--key-from",
                        "event_type",
                        "--run-id",
                        "keyed",
                        "--report",
                        "run.json")
                .expect(0);

        kstage.run("verify", "kafka:verify-keys", "--producer-report", "run.json")
                .expect(0);
        kstage.run("verify", "kafka:verify-keys", "--run-id", "keyed", "--key-from", "event_type")
                .expect(0);
        assertThat(kstage.run("verify", "kafka:verify-keys", "--run-id", "keyed")
                        .expect(2)
                        .stderr())
                .contains("run keyed had another --key or --key-from");

        Installation.write(kstage.file("in.jsonl"), "{\"id\":1}\n{\"id\":2}\n");
        kstage.run("produce", "verify-keys-of-lines", "--from", "in.jsonl", "--key", "k", "--report", "lines.json")
                .expect(0);
        String[] lines = {
            "verify",
            "kafka:verify-keys-of-lines",
            "--producer-report",
            "lines.json",
            "--from",
            "in.jsonl",
            "-o",
            "json"
        };
        kstage.run(lines).expect(0);
        kafka.send("verify-keys-wrong", 0, "{\"id\":1}", "{\"id\":2}");
        Outcome wrong = kstage.run(
                        "verify", "kafka:verify-keys-wrong", "--from", "in.jsonl", "--key-from", "id", "-o", "json")
                .expect(3);
        assertThat(said(wrong)).isEqualTo("failed: 2 of 2 stored, mismatched 2");
        assertThat(wrong.report().get("examples").get("mismatched").get(0).asText())
                .isEqualTo("partition 0, offset 0 has no key, and line 1 of in.jsonl key \"1\"");
    }

    @Test
    void lines_of_a_file_are_looked_for_and_dead_letters_are_not_lost() {
        kafka.createTopic("verify-lines", 2);
        Installation.write(kstage.file("in.txt"), "{\"a\":1}\nnot JSON\n{\"a\":1}\n\n{\"a\":2}\n");
        kstage.run("produce", "verify-lines", "--from", "in.txt", "--report", "run.json")
                .expect(0);
        kstage.run("consume", "verify-lines", "--to", "out.jsonl").expect(0);

        Outcome good = kstage.run(
                        "verify", "out.jsonl", "--producer-report", "run.json", "--from", "in.txt", "-o", "json")
                .expect(0);
        Outcome without = kstage.run("verify", "out.jsonl", "--from", "in.txt", "--dead-letter", "none", "-o", "json")
                .expect(3);

        assertThat(said(good)).isEqualTo("passed: 3 of 4 stored, deadLettered 1");
        assertThat(said(without)).isEqualTo("failed: 3 of 4 stored, lost 1");
    }

    @Test
    void dead_letters_that_are_cut_short_are_a_fault_of_the_destination() throws IOException {
        kafka.createTopic("verify-cut", 1);
        Installation.write(kstage.file("in.txt"), "{\"a\":1}\nnot JSON\n{\"a\":2}\nneither\n");
        kstage.run("produce", "verify-cut", "--from", "in.txt").expect(0);
        kstage.run("consume", "verify-cut", "--to", "out.jsonl").expect(0);
        Path letters = kstage.file("out.dead-letter.jsonl");
        byte[] bytes = Files.readAllBytes(letters);
        Files.write(letters, Arrays.copyOf(bytes, bytes.length - 5));

        Outcome cut = kstage.run("verify", "out.jsonl", "--from", "in.txt", "-o", "json")
                .expect(3);

        assertThat(said(cut)).isEqualTo("failed: 2 of 4 stored, deadLettered 1, lost 1, damaged 1");
        assertThat(cut.report().get("examples").get("damaged").get(0).asText())
                .startsWith("line 2 of ")
                .endsWith("is not a dead-letter record: it does not end with a line feed");
    }

    @Test
    void dead_letters_that_were_committed_and_are_gone_are_a_fault_of_the_destination() throws IOException {
        produce("verify-gone", 200);
        kafka.send("verify-gone", 1, "no JSON");
        kstage.run("consume", "verify-gone", "--to", "out.jsonl").expect(0);
        kstage.run("consume", "verify-gone", "--to", "out/").expect(0);
        for (String place : List.of("out.jsonl", "out/")) {
            kstage.run("verify", place, "--producer-report", "run.json", "--allow-foreign-records")
                    .expect(0);
        }

        Path letters = kstage.file("out.dead-letter.jsonl");
        long size = Files.size(letters);
        Files.write(letters, new byte[0]);
        assertThat(damage("out.jsonl"))
                .isEqualTo(letters + " is shorter than its committed length: it has 0 bytes of " + size);
        Files.delete(letters);
        assertThat(damage("out.jsonl"))
                .isEqualTo(letters + " is shorter than its committed length: it has 0 bytes of " + size);

        try (DirectoryStream<Path> segments = Files.newDirectoryStream(kstage.file("out/dead-letter"))) {
            for (Path segment : segments) {
                Files.delete(segment);
            }
        }
        assertThat(damage("out/"))
                .startsWith(kstage.file("out/dead-letter/verify-gone-p1-").toString())
                .contains(" is shorter than its committed length: it has 0 bytes of ");
        kstage.run("verify", "out/", "--producer-report", "run.json", "--dead-letter", "none")
                .expect(0);
    }

    private String damage(String place) {
        Outcome verify = kstage.run(
                        "verify", place, "--producer-report", "run.json", "--allow-foreign-records", "-o", "json")
                .expect(3);
        assertThat(said(verify)).isEqualTo("failed: 200 of 200 stored, damaged 1");
        return verify.report().get("examples").get("damaged").get(0).asText();
    }

    @Test
    void it_says_which_run_it_needs_to_know() {
        Installation.write(kstage.file("out.jsonl"), "{}\n");

        assertThat(kstage.run("verify", "out.jsonl").expect(2).stderr()).contains("the run to verify is not named");
        assertThat(kstage.run("verify", "out.jsonl", "--seed", "1").expect(2).stderr())
                .contains("--seed needs the number of events");
        assertThat(kstage.run("verify", "none.jsonl", "--seed", "1", "--count", "1")
                        .expect(1)
                        .stderr())
                .contains("there is no such file");
        assertThat(kstage.run("verify", "-", "--seed", "1", "--count", "1")
                        .expect(2)
                        .stderr())
                .contains("standard output stores nothing");
    }
}
