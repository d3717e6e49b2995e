package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The advertised addresses of a cluster, of which at least one can't be reached from here.
 *
 * @param asked the bootstrap server that answered
 * @param brokers all that it knows
 * @param side where this process seems to run
 * @param better an address through which the whole cluster answers from here, if one was found
 * @param otherListeners what else the broker advertises, by other listeners
 */
public record ListenerReport(
        Address asked, List<Seen> brokers, NetworkSide side, Optional<Address> better, List<Address> otherListeners) {
    private static final int MOST_NAMED = 3;

    /** A broker, and what is wrong with its address. */
    record Seen(BrokerMetadata.Broker broker, Optional<AddressCheck.Finding> finding) {
        boolean isLost() {
            return finding.isPresent();
        }

        private boolean has(AddressCheck.Fault fault) {
            return finding.filter(each -> each.fault() == fault).isPresent();
        }
    }

    /** Whether not one broker can be reached. */
    boolean isOfAll() {
        return brokers.stream().allMatch(Seen::isLost);
    }

    /** Whether waiting is of no use: what accepts connections without an answer may only be slow. */
    public boolean isHopeless() {
        return isOfAll() && brokers.stream().noneMatch(seen -> seen.has(AddressCheck.Fault.MUTE));
    }

    /** Whether this broker advertises a name that is not known here. */
    public boolean hasUnknownName(int id) {
        return brokers.stream().anyMatch(seen -> seen.broker().id() == id && seen.has(AddressCheck.Fault.UNKNOWN_HOST));
    }

    /** @param what what was tried, as in "cannot …" */
    public Failure failure(String what) {
        return new Failure(Failure.Kind.TEMPORARY, what, why(), remedy());
    }

    /** One line: what is advertised, what is wrong with it, and what that has to do with containers, if anything. */
    String why() {
        return advertised() + whereThisIs().map(words -> "; " + words).orElse("");
    }

    private List<Seen> lost() {
        return brokers.stream().filter(Seen::isLost).toList();
    }

    private String advertised() {
        List<Seen> lost = lost();
        if (brokers.size() == 1) {
            return asked + " answers, but its broker tells clients to connect to " + words(lost.get(0));
        }
        String named = lost.stream()
                .limit(MOST_NAMED)
                .map(seen -> "broker " + seen.broker().id() + " at " + words(seen))
                .collect(Collectors.joining(", "));
        String more = lost.size() > MOST_NAMED ? ", …" : "";
        String many = isOfAll()
                ? "none of the " + brokers.size() + " brokers that it names can"
                : lost.size() + " of the " + brokers.size() + " brokers that it names can't";
        return asked + " answers, but " + many + " be reached from here: " + named + more;
    }

    private static String words(Seen seen) {
        return seen.broker().address()
                + " ("
                + seen.finding().map(AddressCheck.Finding::words).orElse("")
                + ")";
    }

    /** A guess only where an address or a name points to it: localhost of another machine, or a name of one word. */
    private Optional<String> whereThisIs() {
        if (!asked.isLocal()
                && lost().stream()
                        .anyMatch(seen -> seen.broker().address().isLocal() && seen.has(AddressCheck.Fault.REFUSED))) {
            return Optional.of(side.wordsOfLocalhost());
        }
        return lost().stream()
                .filter(seen -> seen.has(AddressCheck.Fault.UNKNOWN_HOST))
                .map(seen -> seen.broker().address())
                .filter(Address::isSingleLabel)
                .findFirst()
                .map(name -> side.wordsOf(Text.harmless(name.host())));
    }

    /** What to do where another address was found to work. */
    static String remedy(Address better) {
        return "connect to " + better + " instead (-b " + better + "): it was tried, and works from here";
    }

    private String remedy() {
        if (better.isPresent()) {
            return remedy(better.get());
        }
        String others = otherListeners.isEmpty()
                ? ""
                : "; its other listeners advertise "
                        + otherListeners.stream()
                                .limit(MOST_NAMED)
                                .map(Address::toString)
                                .collect(Collectors.joining(", "));
        return isOfAll()
                ? "run this where that address can be reached, or give the broker's listener for this side"
                        + " an address that can (advertised.listeners)" + others
                : "see that every broker is up, and that this machine may reach each of these addresses" + others;
    }
}
