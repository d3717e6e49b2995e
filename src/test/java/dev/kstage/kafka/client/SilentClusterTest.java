package dev.kstage.kafka.client;

import static dev.kstage.kafka.client.SilentCluster.LONG;
import static dev.kstage.kafka.client.SilentCluster.SHORT;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    @RegisterExtension
    final SilentCluster cluster = new SilentCluster();

    @Test
    void a_connection_to_one_broker_is_given_up() {
        assertThatThrownBy(() -> BrokerConnection.connect(cluster.settings(LONG), cluster.address(), SHORT))
                .isInstanceOf(IOException.class);
    }
}
