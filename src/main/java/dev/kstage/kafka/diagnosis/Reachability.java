package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a bootstrap server accepts connections. Kafka's clients retry silently until their timeout; a plain
 * connection shows at once what is wrong, and at which address.
 */
public final class Reachability {
    // For a look at where it may be instead; the user has waited already.
    private static final Duration LOOK = Duration.ofMillis(1_500);
    private static final Duration GRACE = Duration.ofMillis(250);

    private Reachability() {}

    /** A server and what is wrong with its address. */
    private record Lost(Address address, AddressCheck.Finding finding) {
        String words() {
            return finding.fault() == AddressCheck.Fault.UNKNOWN_HOST
                    ? "unknown host " + Text.harmless(address.host())
                    : finding.words();
        }

        /** What that has to do with containers, if anything. */
        Optional<String> whereThisIs(NetworkSide side) {
            if (finding.fault() == AddressCheck.Fault.UNKNOWN_HOST && address.isSingleLabel()) {
                return Optional.of(side.wordsOf(Text.harmless(address.host())));
            }
            return Optional.empty();
        }

        /** Whether a container may be the reason, which only a cluster that is found elsewhere proves. */
        boolean mayBeElsewhere(NetworkSide side) {
            return side == NetworkSide.IN_CONTAINER && address.isLocal();
        }
    }

    /**
     * Refuses servers of which none can be reached, one is enough; and tells which listener of a cluster in
     * containers they may belong to.
     *
     * @throws Failure if an address makes no sense, or none answers in time
     */
    public static void require(ClientSettings settings) {
        long end = System.nanoTime() + settings.timeout().toNanos();
        List<Address> addresses = Address.all(settings.bootstrapServers());
        List<Lost> lost = lost(addresses, settings.timeout());
        if (lost.isEmpty()) {
            return;
        }
        NetworkSide side = NetworkSide.here();
        Optional<String> where =
                lost.stream().flatMap(each -> each.whereThisIs(side).stream()).findFirst();
        boolean isLookedFor = where.isPresent() || lost.stream().anyMatch(each -> each.mayBeElsewhere(side));
        // What was refused at once leaves more time than that.
        Duration limit = Collections.max(List.of(LOOK, Duration.ofNanos(end - System.nanoTime())));
        Optional<Address> better = isLookedFor ? ListenerCheck.lookElsewhere(settings, limit) : Optional.empty();
        Optional<String> guess = where.or(() -> better.map(found -> side.wordsOfLocalhost()));
        throw new Failure(
                Failure.Kind.TEMPORARY,
                "cannot reach Kafka at " + settings.bootstrapServers(),
                words(lost) + guess.map(words -> "; " + words).orElse(""),
                better.map(ListenerReport::remedy).orElseGet(() -> remedy(addresses)));
    }

    /** Whether one of them accepts a connection in time. */
    public static boolean isThere(String servers, Duration timeout) {
        return lost(Address.all(servers), timeout).isEmpty();
    }

    private static String remedy(List<Address> addresses) {
        return addresses.stream().allMatch(Address::isLocal)
                ? "start a local Kafka with `kstage env up`, or give the right address with -b HOST:PORT"
                : "check the address, and that this machine may reach it (network, VPN, firewall)";
    }

    private static String words(List<Lost> lost) {
        return lost.size() == 1
                ? lost.get(0).words()
                : lost.stream()
                        .map(each -> each.address() + ": " + each.words())
                        .collect(Collectors.joining("; "));
    }

    /** What is wrong with each of them, or nothing if one answers. */
    private static List<Lost> lost(List<Address> addresses, Duration timeout) {
        AddressCheck.Finding late =
                new AddressCheck.Finding(AddressCheck.Fault.SILENT, "no answer within " + timeout.toSeconds() + " s");
        return ParallelProbes.await(
                ParallelProbes.start(() -> look(addresses, timeout)),
                // So that what was found by then comes first.
                timeout.plus(GRACE),
                addresses.stream().map(each -> new Lost(each, late)).toList());
    }

    private static List<Lost> look(List<Address> addresses, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        List<Lost> lost = new ArrayList<>();
        for (Address address : addresses) {
            long share = Math.max(1, (end - System.nanoTime()) / 1_000_000 / (addresses.size() - lost.size()));
            Optional<AddressCheck.Finding> fault = AddressCheck.fault(address, (int) share);
            if (fault.isEmpty()) {
                return List.of();
            }
            lost.add(new Lost(address, fault.get()));
        }
        return lost;
    }
}
