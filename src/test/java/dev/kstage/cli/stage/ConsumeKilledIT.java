package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The promise: killed anywhere, run again, every record once. */
@ExtendWith(SharedKafka.class)
final class ConsumeKilledIT {
    private static final int EVENTS = 200_000;
    private static final int KILLS = 20;
    private static final String TOPIC = "killed";

    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeKilledIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void killed_twenty_times_while_events_flow_it_stores_each_offset_once_and_in_order(TestReporter reporter) {
        long seed = Long.getLong("kstage.test.seed", System.nanoTime() % 1_000_000);
        reporter.publishEntry("seed", String.valueOf(seed));
        Random random = new Random(seed);
        kafka.createTopic(TOPIC, 3);

        int storing = 0;
        try (RunningProcess produce =
                kstage.start("produce", TOPIC, "--count", String.valueOf(EVENTS), "--seed", "1", "--rate", "5000")) {
            for (int kill = 0; kill < KILLS; kill++) {
                long before = size("out.jsonl");
                try (RunningProcess consume = kstage.start("consume", TOPIC, "--to", "out.jsonl", "--follow")) {
                    // From when it connects: before that there is nothing yet to be torn.
                    Eventually.await("a connection", Duration.ofSeconds(20), () -> !consume.stderr()
                            .isEmpty());
                    assertThat(consume.endsWithin(Duration.ofMillis(200 + random.nextInt(2_000))))
                            .as(consume::stderr)
                            .isFalse();
                    consume.signal("KILL");
                    consume.await().expect(137);
                }
                storing += size("out.jsonl") > before ? 1 : 0;
            }
            produce.await().expect(0);
        }
        kstage.run("consume", TOPIC, "--to", "out.jsonl").expect(0);

        assertThat(storing)
                .as("kills of a run that had stored something, seed %s", seed)
                .isPositive();
        assertEachStoredOnceAndInOrder(seed);
    }

    private void assertEachStoredOnceAndInOrder(long seed) {
        List<String> lines = Installation.linesOf(kstage.file("out.jsonl"));
        Map<String, Integer> lineOf = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lineOf.put(lines.get(i), i))
                    .as("line %s is stored twice, seed %s", i, seed)
                    .isNull();
        }
        assertThat(lines).as("seed %s", seed).hasSize(EVENTS);
        Map<Integer, Integer> last = new HashMap<>();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : kafka.read(TOPIC)) {
            Integer line = lineOf.get(KafkaClients.text(record.value()));
            if (line == null) {
                throw new AssertionError("not stored: " + record + ", seed " + seed);
            }
            if (line <= last.getOrDefault(record.partition(), -1)) {
                throw new AssertionError("out of order: " + record + ", seed " + seed);
            }
            last.put(record.partition(), line);
        }
    }

    private long size(String file) {
        return kstage.file(file).toFile().length();
    }

    @Test
    void a_stopped_writer_keeps_others_out_and_continues_when_it_is_resumed() {
        kafka.createTopic("paused", 1);
        kafka.send("paused", 0, "1", "2");
        try (RunningProcess consume = kstage.start("consume", "paused", "--to", "out.jsonl", "--follow")) {
            Eventually.await("the first two", Duration.ofSeconds(20), () -> size("out.jsonl") == 4);
            consume.signal("STOP");
            kstage.run("consume", "paused", "--to", "out.jsonl").expect(4);
            kafka.send("paused", 0, "3");
            consume.signal("CONT");
            Eventually.await("the third", Duration.ofSeconds(20), () -> size("out.jsonl") == 6);
            consume.signal("TERM");
            consume.await().expect(143);
        }
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("1", "2", "3");
    }
}
