package dev.kstage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Failure;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class BrokerRequestsTest {
    @Test
    void a_broker_of_today_is_older_than_nothing() {
        BrokerRequests requests = new BrokerRequests(NodeApiVersions.create());

        assertThat(BrokerVersion.values()).noneMatch(requests::areOlderThan);
    }

    @Test
    void fetches_tell_a_broker_older_than_2_1() {
        assertThat(upTo(ApiKeys.FETCH, 8).areOlderThan(BrokerVersion.OLDEST)).isTrue();
        assertThat(upTo(ApiKeys.FETCH, 10).areOlderThan(BrokerVersion.OLDEST)).isFalse();
    }

    @Test
    void the_reading_of_positions_tells_a_broker_older_than_2_5() {
        BrokerRequests requests = upTo(ApiKeys.OFFSET_FETCH, 6);

        assertThat(requests.areOlderThan(BrokerVersion.EXACTLY_ONCE)).isTrue();
        assertThat(requests.areOlderThan(BrokerVersion.OLDEST)).isFalse();
        assertThat(upTo(ApiKeys.OFFSET_FETCH, 7).areOlderThan(BrokerVersion.EXACTLY_ONCE))
                .isFalse();
    }

    @Test
    void the_creation_of_topics_tells_a_broker_older_than_2_4() {
        assertThat(upTo(ApiKeys.CREATE_TOPICS, 3).areOlderThan(BrokerVersion.TOPIC_DEFAULTS))
                .isTrue();
        assertThat(upTo(ApiKeys.CREATE_TOPICS, 4).areOlderThan(BrokerVersion.TOPIC_DEFAULTS))
                .isFalse();
    }

    @Test
    void a_broker_that_said_nothing_is_not_judged() {
        assertThat(BrokerVersion.values()).noneMatch(BrokerRequests.UNKNOWN::areOlderThan);
    }

    @Test
    void what_needs_a_newer_release_is_wrong_usage_and_names_it() {
        Failure failure = BrokerVersion.EXACTLY_ONCE.required("cannot do it", "is the first that can", "; or wait");

        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure.why()).isEqualTo("the broker is older than Kafka 2.5, which is the first that can");
        assertThat(failure.remedy()).isEqualTo("use a cluster of Kafka 2.5 or newer; or wait");
    }

    private static BrokerRequests upTo(ApiKeys request, int version) {
        return new BrokerRequests(NodeApiVersions.create(request.id, (short) 0, (short) version));
    }
}
