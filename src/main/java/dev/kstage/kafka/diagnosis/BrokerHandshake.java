package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerConnection;
import dev.kstage.kafka.client.BrokerRequests;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.types.SchemaException;

/** Asks a bootstrap server which requests it accepts, and explains why none answers. */
public final class BrokerHandshake {
    private static final long TICK = 5_000_000;

    private BrokerHandshake() {}

    /**
     * The requests that the cluster takes; asked for until a broker has answered once.
     *
     * @throws dev.kstage.report.Failure as {@link #ask} does
     */
    public static BrokerRequests requests(ClientSettings settings, Duration limit) {
        synchronized (settings) {
            if (settings.brokerRequests().equals(BrokerRequests.UNKNOWN)) {
                settings.setBrokerRequests(ask(settings, limit));
            }
            return settings.brokerRequests();
        }
    }

    /**
     * Asks the first of the bootstrap servers that answers.
     *
     * @throws dev.kstage.report.Failure if the credentials are refused, or nobody answers in time
     */
    private static BrokerRequests ask(ClientSettings settings, Duration limit) {
        String what = "cannot connect to " + settings.bootstrapServers();
        try {
            return ask(what, settings, limit, System.nanoTime() + limit.toNanos());
        } catch (AuthenticationException e) {
            throw FailureDiagnosis.of(what, e, settings);
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
                end - limit.toNanos() + FailureDiagnosis.answerWithin(limit).toNanos();
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
            throw new TimeoutException("no answer to the first request");
        }
        return BrokerRequests.UNKNOWN;
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
