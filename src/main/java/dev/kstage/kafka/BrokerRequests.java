package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.types.SchemaException;
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
    boolean areOlderThan(BrokerVersion release) {
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
            return ask(what, settings, limit, System.nanoTime() + limit.toNanos());
        } catch (AuthenticationException e) {
            throw KafkaFailures.of(what, e, settings);
        } catch (TimeoutException e) {
            // Who has not said a word has advertised nothing that could be looked at.
            throw KafkaFailures.late(what, e, settings);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    private static BrokerRequests ask(String what, ClientSettings settings, Duration limit, long end) {
        List<Address> addresses =
                ClientUtils.parseAndValidateAddresses(new AdminClientConfig(settings.admin(limit))).stream()
                        .map(each -> new Address(each.getHostString(), each.getPort()))
                        .toList();
        // So that there is time to look why no answer comes.
        long lastAnswer =
                end - limit.toNanos() + KafkaFailures.answerWithin(limit).toNanos();
        for (int i = 0; i < addresses.size(); i++) {
            // Its share of what is left: one that does not answer leaves some to those after it.
            long share = Math.max(1, (lastAnswer - System.nanoTime()) / 1_000_000 / (addresses.size() - i));
            Optional<BrokerRequests> answer = ask(what, settings, addresses.get(i), Duration.ofMillis(share));
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        // The client counts in milliseconds.
        boolean isLate = System.nanoTime() >= lastAnswer - TICK;
        Optional<Failure> protocol = TlsFailure.ofProtocol(what, addresses, isLate, settings);
        if (protocol.isPresent()) {
            throw protocol.get();
        }
        if (isLate) {
            throw new TimeoutException("not a word to the first request");
        }
        return UNKNOWN;
    }

    private static Optional<BrokerRequests> ask(String what, ClientSettings settings, Address address, Duration limit) {
        try (BrokerConnection broker = BrokerConnection.connect(settings, address, limit)) {
            return Optional.of(new BrokerRequests(broker.requests()));
        } catch (SslAuthenticationException e) {
            throw TlsFailure.at(what, address, e, settings);
        } catch (IOException e) {
            return Optional.empty();
        } catch (SchemaException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    what,
                    "what listens at " + address + " does not answer as a Kafka broker does",
                    "give the address of a Kafka broker with -b or in the profile",
                    e);
        } catch (OutOfMemoryError e) {
            // The client takes the first bytes of any answer for its length: 352 MB in an alert of TLS, 1.2 GB in
            // one that begins with HTTP (KAFKA-4090).
            throw TlsFailure.ofProtocol(what, List.of(address), false, settings).orElseThrow(() -> e);
        }
    }
}
