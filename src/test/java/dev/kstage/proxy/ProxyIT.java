package dev.kstage.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Done and not known to be done: an answer of the broker that never arrives makes nothing twice. */
@ExtendWith(ProxiedKafka.class)
final class ProxyIT {
    private static final int EVENTS = 600;

    private final ProxiedKafka.Cluster cluster;
    private final KafkaClients kafka;
    private final Installation kstage;
    private final String topic;

    ProxyIT(ProxiedKafka.Cluster cluster, @TempDir Path home) {
        this.cluster = cluster;
        this.kafka = cluster.clients();
        this.kstage = Installation.in(home).at(cluster.proxied());
        this.topic = "t" + System.nanoTime();
    }

    @AfterEach
    void relent() {
        cluster.proxy().relent();
    }

    private static List<String> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"n\":" + i + "}").toList();
    }

    private static String lines(List<String> events) {
        return String.join("\n", events) + "\n";
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCE, 1, ANSWER_CUT",
        "PRODUCE, 4, ANSWER_CUT",
        "PRODUCE, 2, REQUEST_CUT",
        "INIT_PRODUCER_ID, 1, ANSWER_CUT",
    })
    void a_produce_sends_again_and_each_event_is_there_once_and_in_order(ApiKeys api, int nth, Loss.Kind kind) {
        kafka.createTopic(topic, 1);
        Loss loss = cluster.proxy().lose(api, nth, kind);

        // Small batches, so that there are several requests in flight around the one that is lost.
        Outcome outcome = kstage.runWithInput(
                        lines(events(0, EVENTS)), "produce", topic, "--from", "-", "-X", "batch.size=512", "-o", "json")
                .expect(0);

        loss.await();
        assertThat(outcome.report().get("records").asInt()).isEqualTo(EVENTS);
        assertThat(kafka.values(topic)).isEqualTo(events(0, EVENTS));
    }

    @Test
    void a_produce_that_waits_in_vain_for_an_answer_sends_again_and_each_event_is_there_once() {
        kafka.createTopic(topic, 1);
        Loss loss = cluster.proxy().lose(ApiKeys.PRODUCE, 2, Loss.Kind.ANSWER_HELD);

        kstage.runWithInput(
                        lines(events(0, EVENTS)),
                        "produce",
                        topic,
                        "--from",
                        "-",
                        "-X",
                        "batch.size=512",
                        "-X",
                        "request.timeout.ms=1000")
                .expect(0);

        loss.await();
        assertThat(kafka.values(topic)).isEqualTo(events(0, EVENTS));
    }

    /** Records that are sent before the leader takes any may leave a gap that is never closed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_produce_sends_nothing_before_the_leader_has_answered(boolean isTopicThere) {
        if (isTopicThere) {
            kafka.createTopic(topic, 1);
        }
        Loss answer = cluster.proxy().lose(ApiKeys.LIST_OFFSETS, 1, Loss.Kind.ANSWER_HELD);
        Loss sent = cluster.proxy().lose(ApiKeys.PRODUCE, 1, Loss.Kind.REQUEST_CUT);

        try (RunningProcess produce = kstage.start("produce", topic, "--count", "10")) {
            answer.await();
            assertThat(sent.hasHappened()).isFalse();
            answer.release();
            produce.await().expect(0);
        }
        sent.await();

        assertThat(kafka.values(topic)).hasSize(10);
    }

    /** The first transaction of a run signs for it, the second has the events, the third says that it is finished. */
    @ParameterizedTest
    @CsvSource({
        "INIT_PRODUCER_ID, 1, ANSWER_CUT",
        "PRODUCE, 3, ANSWER_CUT",
        "TXN_OFFSET_COMMIT, 2, ANSWER_CUT",
        "TXN_OFFSET_COMMIT, 2, REQUEST_CUT",
        "END_TXN, 1, ANSWER_CUT",
        "END_TXN, 2, ANSWER_CUT",
        "END_TXN, 2, REQUEST_CUT",
        "END_TXN, 3, ANSWER_CUT",
    })
    void a_run_with_an_id_continues_and_each_event_is_there_once_and_in_order(ApiKeys api, int nth, Loss.Kind kind) {
        kafka.createTopic(topic, 1);
        Installation.write(kstage.file("events.jsonl"), lines(events(0, EVENTS)));
        String[] produce = {
            "produce", topic, "--from", "events.jsonl", "--run-id", topic, "-X", "batch.size=512", "-o", "json"
        };
        Loss loss = cluster.proxy().lose(api, nth, kind);

        kstage.run(produce).expect(0);
        loss.await();
        Outcome again = kstage.run(produce).expect(0);

        assertThat(again.report().get("records").asInt()).isEqualTo(EVENTS);
        assertThat(kafka.values(topic)).isEqualTo(events(0, EVENTS));
    }

    @ParameterizedTest
    @EnumSource(Loss.Kind.class)
    void a_courtesy_commit_that_is_lost_stores_nothing_twice(Loss.Kind kind) {
        kafka.createTopic(topic, 1);
        kafka.send(topic, 0, events(0, 10).toArray(String[]::new));
        Loss loss = cluster.proxy().lose(ApiKeys.OFFSET_COMMIT, 1, kind);

        try (RunningProcess consume = kstage.start("consume", topic, "--to", "out.jsonl", "--follow")) {
            Eventually.await("the first ten", Duration.ofSeconds(20), () -> stored().size() == 10);
            kafka.send(topic, 0, events(10, 20).toArray(String[]::new));
            Eventually.await("ten more", Duration.ofSeconds(20), () -> stored().size() == 20);
            loss.await();
            consume.signal("TERM");
            consume.await().expect(143);
        }
        loss.release();
        kafka.send(topic, 0, events(20, 30).toArray(String[]::new));
        kstage.run("consume", topic, "--to", "out.jsonl").expect(0);

        assertThat(stored()).isEqualTo(events(0, 30));
    }

    private List<String> stored() {
        Path file = kstage.file("out.jsonl");
        return file.toFile().exists() ? Installation.linesOf(file) : List.of();
    }
}
