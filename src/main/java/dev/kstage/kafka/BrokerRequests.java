package dev.kstage.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a broker takes, which tell how old it is. No public client shows them, so they are asked
 * for as Kafka's own {@code kafka-broker-api-versions} does.
 *
 * @param ofBroker what the broker said, or null if it said nothing
 */
record BrokerRequests(@Nullable NodeApiVersions ofBroker) {
    /** Of a broker that has said nothing; what it is asked next will tell why. */
    static final BrokerRequests UNKNOWN = new BrokerRequests(null);

    private static final long TICK = 5_000_000;

    /** Whether the broker is known to be older than this. */
    boolean areOlderThan(Release release) {
        if (ofBroker == null) {
            return false;
        }
        ApiVersion taken = ofBroker.apiVersion(release.request());
        return taken == null || taken.maxVersion() < release.version();
    }

    /**
     * Asks the first of the bootstrap servers that answers.
     *
     * @throws dev.kstage.report.Failure if the credentials are refused, or nobody answers in time
     */
    static BrokerRequests ask(ClientSettings settings, Duration limit) {
        String what = "cannot connect to " + settings.bootstrapServers();
        try {
            return ask(settings, limit, System.nanoTime() + limit.toNanos());
        } catch (AuthenticationException e) {
            throw KafkaFailures.of(what, e, settings);
        } catch (TimeoutException e) {
            // Who has not said a word has advertised nothing that could be looked at.
            throw KafkaFailures.late(what, e, settings);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    private static BrokerRequests ask(ClientSettings settings, Duration limit, long end) {
        List<InetSocketAddress> addresses =
                ClientUtils.parseAndValidateAddresses(new AdminClientConfig(settings.admin(limit)));
        for (int i = 0; i < addresses.size(); i++) {
            InetSocketAddress each = addresses.get(i);
            // Its share of what is left: one that does not answer leaves some to those after it.
            long share = Math.max(1, (end - System.nanoTime()) / 1_000_000 / (addresses.size() - i));
            Address address = new Address(each.getHostString(), each.getPort());
            Optional<BrokerRequests> answer = ask(settings, address, Duration.ofMillis(share));
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        // The client counts in milliseconds.
        if (System.nanoTime() >= end - TICK) {
            throw new TimeoutException("not a word to the first request");
        }
        return UNKNOWN;
    }

    private static Optional<BrokerRequests> ask(ClientSettings settings, Address address, Duration limit) {
        try (OneBroker broker = OneBroker.connect(settings, address, limit)) {
            return Optional.of(new BrokerRequests(broker.requests()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
