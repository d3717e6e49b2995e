package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether anything listens at the bootstrap servers. Kafka's clients retry without a word until their
 * time is up; a plain connection tells in a moment what is wrong, and at which address.
 */
final class Reachability {
    private Reachability() {}

    /**
     * @param servers addresses separated by commas; one that answers is enough
     * @throws Failure if an address makes no sense, or none answers in time
     */
    static void require(String servers, Duration timeout) {
        List<Address> addresses = Address.all(servers);
        Optional<String> fault = AtOnce.await(
                AtOnce.start(() -> firstFault(addresses, timeout)),
                timeout,
                Optional.of("no answer within " + timeout.toSeconds() + " s"));
        fault.ifPresent(why -> {
            throw new Failure(Failure.Kind.TEMPORARY, "cannot reach Kafka at " + servers, why, remedy(addresses));
        });
    }

    /** Whether these servers are all on this machine. */
    static boolean isLocal(String servers) {
        return Address.all(servers).stream().allMatch(Address::isLocal);
    }

    private static String remedy(List<Address> addresses) {
        return addresses.stream().allMatch(Address::isLocal)
                ? "start a local Kafka with `kstage env up`, or give the right address with -b HOST:PORT"
                : "check the address, and that this machine may reach it (network, VPN, firewall)";
    }

    /** What is wrong with all of them, or nothing if one answers. */
    private static Optional<String> firstFault(List<Address> addresses, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        List<String> faults = new ArrayList<>();
        for (Address address : addresses) {
            long share = Math.max(1, (end - System.nanoTime()) / 1_000_000 / (addresses.size() - faults.size()));
            Optional<Address.Finding> fault = address.fault((int) share);
            if (fault.isEmpty()) {
                return Optional.empty();
            }
            faults.add(
                    addresses.size() == 1 ? words(address, fault.get()) : address + ": " + words(address, fault.get()));
        }
        return Optional.of(String.join("; ", faults));
    }

    private static String words(Address address, Address.Finding finding) {
        return finding.fault() == Address.Fault.UNKNOWN_HOST
                ? "unknown host " + Text.harmless(address.host())
                : finding.words();
    }
}
