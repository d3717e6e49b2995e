package dev.kstage.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster that goes on accepting connections and stops answering one kind of request: every wait for it ends. */
@ExtendWith(ProxiedKafka.class)
final class SilenceIT {
    // The limits that are set are 2 and 3 s; what is tried again is tried for as long, and a JVM takes its time.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaProxy proxy;
    private final KafkaClients kafka;
    private final Installation kstage;
    private final String topic = "t" + System.nanoTime();

    SilenceIT(ProxiedKafka.Cluster cluster, @TempDir Path home) {
        this.proxy = cluster.proxy();
        this.kafka = cluster.clients();
        this.kstage = Installation.in(home).at(cluster.proxied());
    }

    @AfterEach
    void relent() {
        proxy.relent();
    }

    private Outcome run(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--timeout", "3s"));
        for (String each : List.of("delivery.timeout.ms=3000", "request.timeout.ms=2000", "linger.ms=0")) {
            all.addAll(List.of("-X", each));
        }
        Outcome outcome = kstage.run(all.toArray(String[]::new));
        assertThat(outcome.time()).as(outcome.command()).isLessThan(LIMIT);
        return outcome;
    }

    @ParameterizedTest
    @CsvSource({"PRODUCE", "INIT_PRODUCER_ID", "METADATA"})
    void ends_a_produce(ApiKeys api) {
        kafka.createTopic(topic, 1);
        proxy.silence(api);
        run("produce", topic, "--count", "10").expect(4);
        assertThat(kafka.values(topic)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PRODUCE", "INIT_PRODUCER_ID", "FIND_COORDINATOR", "TXN_OFFSET_COMMIT", "END_TXN"})
    void ends_a_produce_with_a_run_id_which_continues_later(ApiKeys api) {
        kafka.createTopic(topic, 1);
        proxy.silence(api);
        run("produce", topic, "--count", "10", "--run-id", topic).expect(4);
        proxy.relent();
        kstage.run("produce", topic, "--count", "10", "--run-id", topic).expect(0);
        assertThat(kafka.values(topic)).hasSize(10);
    }

    /** Results and dead letters both. */
    @ParameterizedTest
    @CsvSource({"PRODUCE, not JSON", "PRODUCE, 1", "END_TXN, 1"})
    void ends_a_consume_to_a_topic_which_continues_later(ApiKeys api, String value) {
        kafka.createTopic(topic, 1);
        kafka.send(topic, 0, value);
        proxy.silence(api);
        String[] consume = {"consume", topic, "--to", "kafka:" + topic + "-to"};
        run(consume).expect(4);
        proxy.relent();
        kstage.run(consume).expect(0);
        String at = topic + "-to" + (value.equals("1") ? "" : ".dead-letter");
        assertThat(kafka.values(at)).containsExactly(value);
    }

    @Test
    void ends_a_replay_which_continues_later() {
        kafka.createTopic(topic, 1);
        kafka.createTopic(topic + "-again", 1);
        kafka.send(topic, 0, "not JSON");
        kstage.run("consume", topic, "--to", "out.jsonl").expect(0);
        proxy.silence(ApiKeys.PRODUCE);
        String[] replay = {"dead-letter", "replay", "out.jsonl", "--to", topic + "-again"};
        run(replay).expect(4);
        proxy.relent();
        kstage.run(replay).expect(0);
        assertThat(kafka.values(topic + "-again")).containsExactly("not JSON");
    }

    @Test
    void ends_the_reader() {
        kafka.createTopic(topic, 1);
        kafka.send(topic, 0, "1");
        kstage.run("consume", topic, "--to", "out.jsonl").expect(0);
        proxy.silence(ApiKeys.FETCH);
        run("verify", "kafka:" + topic, "--count", "1", "--seed", "1").expect(4);
        proxy.silence(ApiKeys.LIST_OFFSETS);
        run("consume", topic, "--to", "late.jsonl").expect(4);
    }
}
