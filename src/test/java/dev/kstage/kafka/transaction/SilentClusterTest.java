package dev.kstage.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.kafka.client.SilentServer;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    private static final Duration SHORT = Duration.ofMillis(500);

    private final SilentServer server;

    SilentClusterTest() throws IOException {
        server = new SilentServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** A minute and a second pass between two looks at it. */
    private static LongSupplier slowClock() {
        long[] now = {0};
        return () -> now[0] += Duration.ofSeconds(61).toNanos();
    }

    private static void assertTemporary(org.assertj.core.api.ThrowableAssert.ThrowingCallable wait) {
        assertThatThrownBy(wait).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                .isEqualTo(Failure.Kind.TEMPORARY));
    }

    @Test
    void the_offsets_of_a_group_are_given_up() {
        try (GroupOffsets offsets =
                new GroupOffsets(server.settings(SHORT), "group", new StageProgress(), () -> false, slowClock())) {
            assertTemporary(() -> offsets.decided(List.of(new TopicPartition("orders", 0))));
        }
    }
}
