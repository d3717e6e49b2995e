package dev.kstage.kafka.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    // Longer than a test may take: whatever ends has a limit of its own.
    private static final Duration LONG = Duration.ofHours(1);

    private final SilentServer server;

    SilentClusterTest() throws IOException {
        server = new SilentServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void a_connection_to_one_broker_is_given_up() {
        assertThatThrownBy(() -> BrokerConnection.connect(server.settings(LONG), server.address(), SHORT))
                .isInstanceOf(IOException.class);
    }
}
