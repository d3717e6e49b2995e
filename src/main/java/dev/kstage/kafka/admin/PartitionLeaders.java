package dev.kstage.kafka.admin;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.AddressCheck;
import dev.kstage.kafka.diagnosis.ListenerCheck;
import dev.kstage.kafka.diagnosis.ListenerReport;
import dev.kstage.kafka.diagnosis.ParallelProbes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** The leaders of the partitions of a topic, checked before records are sent to them. */
final class PartitionLeaders {
    private static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(4);
    // Long enough for a first packet that is lost, which is sent again after 1 s.
    private static final Duration CONNECT = Duration.ofMillis(1_500);
    private static final Duration READY = Duration.ofSeconds(5);

    private PartitionLeaders() {}

    /** Those that there are now; a partition may have none. */
    static Map<TopicPartition, Node> of(TopicDescription topic) {
        Map<TopicPartition, Node> leaders = new HashMap<>();
        topic.partitions().forEach(each -> {
            if (Topic.hasLeader(each)) {
                leaders.put(new TopicPartition(topic.name(), each.partition()), each.leader());
            }
        });
        return leaders;
    }

    /**
     * Refuses leaders that can't be written to at all. A producer tries for a minute, since a leader may be
     * restarting, and by then the other partitions have their records. But a name that is not known here is no
     * restart, and looking it up is what the producer would do next in any case.
     *
     * @param what what was tried, as in "cannot …"
     * @throws dev.kstage.report.Failure if one of them advertises a name that is not known here
     */
    static void requireKnown(String what, Collection<Node> leaders, ClientSettings settings) {
        List<String> names = leaders.stream().map(Node::host).distinct().toList();
        if (ParallelProbes.map(names, LOOK_UP, true, PartitionLeaders::isKnown).stream()
                .allMatch(known -> known)) {
            return;
        }
        Optional<ListenerReport> report = ListenerCheck.look(settings, LOOK);
        if (report.isPresent()
                && leaders.stream().anyMatch(leader -> report.get().hasUnknownName(leader.id()))) {
            throw report.get().failure(what);
        }
    }

    private static Address address(Node node) {
        return new Address(node.host(), node.port());
    }

    private static boolean isKnown(String name) {
        try {
            return InetAddress.getAllByName(name).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * Waits until they answer. Brokers tell of a leader a moment before it takes records. A new producer that
     * has sent two batches by then may have the first refused and the second taken, for a broker that does not
     * know the producer begins with any sequence number. The gap can't be closed: the first is refused until
     * its time-out, and other partitions of that broker wait with it.
     *
     * <p>A leader that takes no connection is not waited for: the producer gives it more time than this.
     */
    static void await(Admin admin, Map<TopicPartition, Node> leaders) {
        List<Address> addresses = leaders.values().stream()
                .map(PartitionLeaders::address)
                .distinct()
                .toList();
        List<Boolean> there =
                ParallelProbes.map(addresses, CONNECT, false, each -> AddressCheck.fault(each, (int) CONNECT.toMillis())
                        .isEmpty());
        try {
            // Only the leader itself answers this, and the client asks until it does.
            admin.listOffsets(leaders.entrySet().stream()
                            .filter(each -> there.get(addresses.indexOf(address(each.getValue()))))
                            .collect(Collectors.toMap(Map.Entry::getKey, each -> OffsetSpec.latest())))
                    .all()
                    .get(READY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What is wrong shows, and is told, where records are sent.
            return;
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
    }
}
