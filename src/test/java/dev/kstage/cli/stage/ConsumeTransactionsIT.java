package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Topics that are written in transactions. */
@ExtendWith(SharedKafka.class)
final class ConsumeTransactionsIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeTransactionsIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    private static void send(
            KafkaProducer<byte @Nullable [], byte @Nullable []> producer, String topic, int from, int to) {
        producer.beginTransaction();
        for (int i = from; i < to; i++) {
            var unused = producer.send(new ProducerRecord<>(topic, 0, null, KafkaClients.bytes(String.valueOf(i))));
        }
        producer.flush();
    }

    @Test
    void only_what_was_committed_is_read_and_the_end_is_reached() {
        kafka.createTopic("transactions", 1);
        List<String> committed = new ArrayList<>();
        try (var producer = kafka.producer("writer")) {
            producer.initTransactions();
            for (int round = 0; round < 6; round++) {
                send(producer, "transactions", round * 10, round * 10 + 10);
                if (round % 2 == 0) {
                    producer.commitTransaction();
                    for (int i = round * 10; i < round * 10 + 10; i++) {
                        committed.add(String.valueOf(i));
                    }
                } else {
                    // The last round: the topic ends in an aborted transaction.
                    producer.abortTransaction();
                }
            }
        }

        Outcome outcome = kstage.run("consume", "transactions", "--to", "out.jsonl", "-o", "json")
                .expect(0);
        JsonNode report = outcome.report();

        // The high watermark is behind the last record, and only by markers.
        assertThat(outcome.stderr()).doesNotContain("open transaction");
        assertThat(report.get("stoppedBecause").asText()).isEqualTo("end");
        assertThat(report.get("read").asLong()).isEqualTo(30);
        assertThat(report.get("lag").asLong()).isZero();
        assertThat(report.get("positions").get("0").asLong()).isEqualTo(66);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).isEqualTo(committed);
        assertThat(kstage.run("consume", "transactions", "--to", "out.jsonl", "-o", "json")
                        .expect(0)
                        .report()
                        .get("read")
                        .asLong())
                .isZero();
        JsonNode described = kstage.run("topic", "describe", "transactions", "-o", "json")
                .expect(0)
                .report();
        assertThat(described.get("approximate").asBoolean()).isTrue();
        assertThat(described.get("groups").get(0).get("lag").asLong()).isZero();
        assertThat(kstage.run("topic", "describe", "transactions").expect(0).stdout())
                .contains("~66");
    }

    @Test
    void an_open_transaction_is_not_waited_for_and_read_once_it_is_committed() {
        kafka.createTopic("open_transaction", 1);
        try (var producer = kafka.producer("opener")) {
            producer.initTransactions();
            send(producer, "open_transaction", 0, 2);
            producer.commitTransaction();
            send(producer, "open_transaction", 2, 4);

            Outcome outcome = kstage.run("consume", "open_transaction", "--to", "out.jsonl", "-q", "-o", "json")
                    .expect(0);
            assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("0", "1");
            assertThat(outcome.stderr())
                    .contains("2 records of topic open_transaction partition 0 wait behind an open transaction of"
                            + " transactional id opener (producer id ")
                    .containsPattern("open since 20\\d\\d-");
            assertThat(outcome.report().get("lag").asLong()).isEqualTo(2);

            producer.commitTransaction();
        }
        Outcome outcome = kstage.run("consume", "open_transaction", "--to", "out.jsonl", "-o", "json")
                .expect(0);
        assertThat(outcome.stderr()).doesNotContain("open transaction");
        assertThat(outcome.report().get("lag").asLong()).isZero();
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("0", "1", "2", "3");
    }

    @Test
    void a_run_that_follows_says_within_seconds_what_waits_behind_an_open_transaction() {
        kafka.createTopic("followed_transaction", 2);
        try (var producer = kafka.producer("follower-blocker")) {
            producer.initTransactions();
            send(producer, "followed_transaction", 0, 3);
            kafka.send("followed_transaction", 0, "3");
            try (RunningProcess follow = kstage.start(
                    "consume", "followed_transaction", "--to", "out.jsonl", "--follow", "-q", "-o", "json")) {
                Eventually.await("the warning", Duration.ofSeconds(30), () -> follow.stderr()
                        .contains("4 records of topic followed_transaction partition 0 wait behind an open transaction"
                                + " of transactional id follower-blocker"));

                producer.commitTransaction();
                Eventually.await(
                        "what waited",
                        Duration.ofSeconds(30),
                        () -> Installation.linesOf(kstage.file("out.jsonl")).size() == 4);
                follow.signal("TERM");
                Outcome outcome = follow.await().expect(143);

                assertThat(outcome.stderr().split("open transaction", -1)).hasSize(2);
                assertThat(outcome.report().get("lag").asLong()).isZero();
            }
        }
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("0", "1", "2", "3");
    }

    @Test
    void a_count_may_end_within_a_transaction() {
        kafka.createTopic("counted_transaction", 1);
        try (var producer = kafka.producer("counted")) {
            producer.initTransactions();
            send(producer, "counted_transaction", 0, 5);
            producer.abortTransaction();
            send(producer, "counted_transaction", 5, 10);
            producer.commitTransaction();
        }

        kstage.run("consume", "counted_transaction", "--to", "out.jsonl", "--count", "2")
                .expect(0);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("5", "6");
        kstage.run("consume", "counted_transaction", "--to", "out.jsonl", "--count", "3")
                .expect(0);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("5", "6", "7", "8", "9");
    }
}
