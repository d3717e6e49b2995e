package dev.kstage.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Node;

/**
 * Whether the leaders of a topic can be written to at all. A producer tries for a minute, since a leader
 * may be restarting, and by then the other partitions have their records. But a name that is not known
 * here is no restart, and looking it up is what the producer would do next in any case.
 */
final class Leaders {
    private static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(4);

    private Leaders() {}

    /**
     * @param what what was tried, as in "cannot …"
     * @throws dev.kstage.report.Failure if one of them advertises a name that is not known here
     */
    static void requireKnown(String what, List<Node> leaders, ClientSettings settings) {
        List<String> names = leaders.stream().map(Node::host).distinct().toList();
        if (AtOnce.map(names, LOOK_UP, true, Leaders::isKnown).stream().allMatch(known -> known)) {
            return;
        }
        Optional<ListenerReport> report = ListenerCheck.look(settings, LOOK);
        if (report.isPresent()
                && leaders.stream().anyMatch(leader -> report.get().hasUnknownName(leader.id()))) {
            throw report.get().failure(what);
        }
    }

    private static boolean isKnown(String name) {
        try {
            return InetAddress.getAllByName(name).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
