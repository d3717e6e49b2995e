package dev.kstage.kafka.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class OutageDetectorTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final Cluster cluster = new Cluster();
    private final OutageDetector detector =
            new OutageDetector(cluster::ends, "broker:9092", new StageProgress(), () -> cluster.now.toNanos());

    /** Answers, or uses up the time that it is given. */
    private static final class Cluster {
        private Duration now = Duration.ZERO;
        private boolean isSilent;

        Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
            assertThat(partitions).containsExactly(PARTITION);
            if (isSilent) {
                now = now.plusSeconds(2);
                throw new TimeoutException("silent");
            }
            return Map.of(PARTITION, 7L);
        }
    }

    @Test
    void an_outage_is_waited_out_for_a_minute() {
        cluster.isSilent = true;
        while (cluster.now.compareTo(Duration.ofSeconds(58)) < 0) {
            assertThat(detector.ask(List.of(PARTITION))).isEmpty();
        }

        assertThatThrownBy(() -> detector.ask(List.of(PARTITION))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
            assertThat(failure.what()).isEqualTo("broker:9092 does not answer any more");
            assertThat(failure.why()).isEqualTo("no answer for 1 min 0 s");
        });
    }

    @Test
    void each_answer_begins_the_minute_anew() {
        cluster.isSilent = true;
        cluster.now = Duration.ofSeconds(50);
        assertThat(detector.ask(List.of(PARTITION))).isEmpty();
        cluster.isSilent = false;
        assertThat(detector.ask(List.of(PARTITION))).containsEntry(PARTITION, 7L);
        cluster.isSilent = true;
        cluster.now = Duration.ofSeconds(100);

        assertThat(detector.ask(List.of(PARTITION))).isEmpty();
    }

    @Test
    void a_question_is_due_after_five_seconds() {
        cluster.now = Duration.ofMillis(4_999);
        assertThat(detector.isQuestionDue()).isFalse();
        cluster.now = Duration.ofSeconds(5);
        assertThat(detector.isQuestionDue()).isTrue();
        detector.answered();
        assertThat(detector.isQuestionDue()).isFalse();
    }
}
