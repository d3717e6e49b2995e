package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.ClientSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/**
 * Looks at every address that a cluster advertises: Kafka's clients leave the bootstrap server after its
 * first answer for those, and where they are wrong from here the clients hang without a word.
 *
 * <p>It costs connections, so it is done only where an answer is overdue or a client's time was up
 * ({@link FailureDiagnosis}): an ordinary command never runs it. What it finds ends a command
 * that waits only if not one broker can be reached, and none of them may only be slow. Where others can,
 * the missing one may just be restarting, and the client finds its way; then the finding explains the
 * failure if it comes to one.
 */
public final class ListenerCheck {
    // What a way there and back takes while this machine has better to do.
    private static final Duration SHORTEST_STEP = Duration.ofMillis(500);
    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);
    // Who is asked, then what that advertises, which takes half as long again, then what may work instead.
    private static final double STEPS = 3.5;
    // As the usual container environments publish a broker.
    private static final List<Integer> USUAL_PORTS = List.of(29092, 9092, 9094);
    private static final List<Address> USUAL_ADDRESSES =
            List.of(new Address("localhost", 29092), new Address("kafka", 9092));
    private static final int MOST_BROKERS = 50;

    private final ClientSettings settings;
    private final Duration step;
    private final List<Address> bootstrap;

    private ListenerCheck(ClientSettings settings, Duration limit) {
        this.settings = settings;
        this.step =
                Collections.max(List.of(SHORTEST_STEP, Collections.min(List.of(LONGEST_STEP, part(limit, 1 / STEPS)))));
        this.bootstrap = Address.all(settings.bootstrapServers());
    }

    private static Duration part(Duration whole, double share) {
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }

    /**
     * Looks, beside what the caller does.
     *
     * @param limit how long it may take, about
     * @return completes with what is wrong, or nothing if all is well or nobody answers at all
     */
    public static CompletableFuture<Optional<ListenerReport>> start(ClientSettings settings, Duration limit) {
        return ParallelProbes.start(() -> new ListenerCheck(settings, limit).look());
    }

    /** Probes the advertised addresses, and waits for the result. */
    public static Optional<ListenerReport> look(ClientSettings settings, Duration limit) {
        return ParallelProbes.await(start(settings, limit), limit, Optional.empty());
    }

    /**
     * Looks for the cluster whose bootstrap servers nobody can be reached at, where container environments usually
     * publish one: one that advertises such an address for others.
     *
     * @return an address through which that cluster answers from here
     */
    static Optional<Address> lookElsewhere(ClientSettings settings, Duration limit) {
        return ParallelProbes.await(
                ParallelProbes.start(() -> new ListenerCheck(settings, limit).elsewhere()), limit, Optional.empty());
    }

    private Optional<Address> elsewhere() {
        if (sendsPassword()) {
            return Optional.empty();
        }
        Set<Address> candidates = new LinkedHashSet<>(USUAL_ADDRESSES);
        USUAL_PORTS.forEach(port -> candidates.add(new Address("localhost", port)));
        bootstrap.forEach(candidates::remove);
        return first(ParallelProbes.map(new ArrayList<>(candidates), step, Optional.<Address>empty(), this::leadsBack));
    }

    private Optional<Address> leadsBack(Address candidate) {
        return works(candidate, roster -> roster.ofAllListeners().stream().anyMatch(bootstrap::contains));
    }

    private static <T> Optional<T> first(List<Optional<T>> found) {
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    /** What one address led to. */
    private record Answered(Address address, BrokerMetadata roster) {}

    private Optional<ListenerReport> look() {
        return firstAnswer().flatMap(this::report);
    }

    private Optional<Answered> firstAnswer() {
        return first(ParallelProbes.map(bootstrap, step, Optional.<Answered>empty(), this::ask));
    }

    private Optional<Answered> ask(Address address) {
        try {
            return Optional.of(new Answered(address, BrokerMetadata.ask(settings, address, step)));
        } catch (IOException | KafkaException e) {
            return Optional.empty();
        }
    }

    private Optional<ListenerReport> report(Answered answered) {
        List<ListenerReport.Seen> seen = seen(answered.roster());
        if (seen.stream().noneMatch(ListenerReport.Seen::isLost)) {
            return Optional.empty();
        }
        Set<Address> useless = new LinkedHashSet<>(bootstrap);
        seen.forEach(each -> useless.add(each.broker().address()));
        List<Address> others = answered.roster().ofAllListeners().stream()
                .filter(each -> !useless.contains(each))
                .toList();
        return Optional.of(new ListenerReport(
                answered.address(), seen, NetworkSide.here(), better(answered, candidates(answered, useless)), others));
    }

    private List<ListenerReport.Seen> seen(BrokerMetadata roster) {
        List<BrokerMetadata.Broker> brokers =
                roster.brokers().stream().limit(MOST_BROKERS).toList();
        Optional<AddressCheck.Finding> late = Optional.of(new AddressCheck.Finding(AddressCheck.Fault.SILENT));
        List<Optional<AddressCheck.Finding>> findings =
                ParallelProbes.map(brokers, part(step, 1.5), late, broker -> finding(broker.address()));
        return IntStream.range(0, brokers.size())
                .mapToObj(index -> new ListenerReport.Seen(brokers.get(index), findings.get(index)))
                .toList();
    }

    /** Whether a broker answers there: a port that only accepts connections is of no use. */
    private Optional<AddressCheck.Finding> finding(Address address) {
        long start = System.nanoTime();
        // With the default limit long enough for a first packet that is lost, which is sent again after 1 s.
        Optional<AddressCheck.Finding> fault =
                AddressCheck.fault(address, (int) part(step, 0.66).toMillis());
        if (fault.isPresent()) {
            return fault;
        }
        try {
            Objects.requireNonNull(BrokerMetadata.ask(settings, address, part(step, 0.75)));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(mute(address, Duration.ofNanos(System.nanoTime() - start)));
        } catch (KafkaException e) {
            // It refuses, so it is there; the client will say why.
            return Optional.empty();
        }
    }

    /** Who ends the connection at once, rather than never answering, leaves time to look at what is spoken there. */
    private AddressCheck.Finding mute(Address address, Duration taken) {
        Optional<String> protocol = taken.compareTo(part(step, 0.5)) < 0
                ? TlsFailure.wordsOfProtocol(address, part(step, 0.75), settings)
                : Optional.empty();
        return protocol.map(words -> new AddressCheck.Finding(AddressCheck.Fault.OTHER_PROTOCOL, words))
                .orElseGet(() -> new AddressCheck.Finding(AddressCheck.Fault.MUTE));
    }

    /**
     * What may work instead: what the cluster itself names, then what is usual. Nobody is shown a password who
     * was named neither by the user nor by the cluster.
     */
    private List<Address> candidates(Answered answered, Set<Address> useless) {
        Set<Address> candidates = new LinkedHashSet<>(bootstrap);
        candidates.remove(answered.address());
        candidates.addAll(answered.roster().ofAllListeners());
        if (!sendsPassword()) {
            String host = answered.address().host();
            answered.roster().brokers().stream()
                    .limit(1)
                    .forEach(each ->
                            candidates.add(new Address(host, each.address().port())));
            USUAL_PORTS.forEach(port -> candidates.add(new Address(host, port)));
            candidates.addAll(USUAL_ADDRESSES);
        }
        useless.stream().filter(each -> !bootstrap.contains(each)).forEach(candidates::remove);
        candidates.remove(answered.address());
        return new ArrayList<>(candidates);
    }

    private boolean sendsPassword() {
        Object protocol = settings.admin(step).get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return String.valueOf(protocol).toUpperCase(Locale.ROOT).startsWith("SASL");
    }

    private Optional<Address> better(Answered answered, List<Address> candidates) {
        BrokerMetadata known = answered.roster();
        Predicate<BrokerMetadata> isSame = other -> other.clusterId().equals(known.clusterId())
                && other.brokers().size() >= known.brokers().size();
        return first(ParallelProbes.map(candidates, step, Optional.<Address>empty(), each -> works(each, isSame)));
    }

    /** An address works if it leads to the cluster that is meant, and what that advertises there answers too. */
    private Optional<Address> works(Address candidate, Predicate<BrokerMetadata> isMeant) {
        if (AddressCheck.fault(candidate, (int) part(step, 0.5).toMillis()).isPresent()) {
            return Optional.empty();
        }
        return ask(candidate)
                .filter(each -> isMeant.test(each.roster())
                        && seen(each.roster()).stream().noneMatch(ListenerReport.Seen::isLost))
                .map(Answered::address);
    }
}
