package dev.kstage.kafka.admin;

import dev.kstage.kafka.admin.TopicReport.GroupPartition;
import dev.kstage.kafka.admin.TopicReport.GroupReport;
import dev.kstage.kafka.admin.TopicReport.PartitionReport;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.client.OffsetMetadata;
import dev.kstage.kafka.client.Topic;
import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything about one topic in two rounds of parallel requests. What this user may not see is replaced by
 * a note; only the topic itself is required.
 */
final class TopicInspection {
    private final Admin admin;
    private final AdminCalls calls;
    private final List<String> notes = new ArrayList<>();

    TopicInspection(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    TopicReport inspect(String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        KafkaFuture<Map<String, TopicDescription>> described =
                admin.describeTopics(List.of(name)).allTopicNames();
        KafkaFuture<Map<ConfigResource, Config>> configured =
                admin.describeConfigs(List.of(resource)).all();
        KafkaFuture<Collection<GroupListing>> listed = admin.listGroups().valid();

        TopicDescription topic = Objects.requireNonNull(
                calls.orFailure("cannot describe topic " + name, described).get(name), "asked for");
        Topic.warning(name, topic.topicId().toString()).ifPresent(notes::add);
        List<TopicPartition> online = topic.partitions().stream()
                .filter(Topic::hasLeader)
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
        Map<TopicPartition, KafkaFuture<Long>> starts = offsets(online, OffsetSpec.earliest());
        Map<TopicPartition, KafkaFuture<Long>> ends = offsets(online, OffsetSpec.latest());
        Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> directories =
                admin.describeLogDirs(brokers(topic)).descriptions();
        Map<TopicPartition, KafkaFuture<PartitionProducerState>> producers = producers(online);
        Groups groups = askForGroups(name, topic, listed);

        SortedMap<String, String> config =
                optional("configuration", configured, configs -> overrides(configs.get(resource)), new TreeMap<>());
        Map<Integer, Long> sizes = sizes(name, directories);
        List<PartitionReport> partitions = topic.partitions().stream()
                .map(partition -> partition(name, partition, starts, ends, sizes))
                .toList();
        boolean approximate = isCompacted(configured, resource) || isTransactional(producers);
        return new TopicReport(
                name,
                topic.topicId().toString(),
                partitions,
                partitions.stream().mapToLong(PartitionReport::records).sum(),
                approximate,
                sizes.isEmpty()
                        ? null
                        : sizes.values().stream().mapToLong(size -> size).sum(),
                config,
                groups(name, groups, partitions),
                List.copyOf(notes));
    }

    private Map<TopicPartition, KafkaFuture<Long>> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        var result =
                admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), each -> spec)));
        Map<TopicPartition, KafkaFuture<Long>> offsets = new HashMap<>();
        partitions.forEach(
                each -> offsets.put(each, result.partitionResult(each).thenApply(ListOffsetsResultInfo::offset)));
        return offsets;
    }

    private Map<TopicPartition, KafkaFuture<PartitionProducerState>> producers(List<TopicPartition> partitions) {
        var result = admin.describeProducers(partitions);
        Map<TopicPartition, KafkaFuture<PartitionProducerState>> producers = new HashMap<>();
        partitions.forEach(each -> producers.put(each, result.partitionResult(each)));
        return producers;
    }

    private static Set<Integer> brokers(TopicDescription topic) {
        Set<Integer> online = new TreeSet<>();
        // A replica whose broker is away is listed without an address (asking it would cost the whole limit).
        topic.partitions().forEach(partition -> partition.replicas().stream()
                .filter(node -> !node.isEmpty())
                .forEach(node -> online.add(node.id())));
        return online;
    }

    private static PartitionReport partition(
            String name,
            TopicPartitionInfo info,
            Map<TopicPartition, KafkaFuture<Long>> starts,
            Map<TopicPartition, KafkaFuture<Long>> ends,
            Map<Integer, Long> sizes) {
        TopicPartition partition = new TopicPartition(name, info.partition());
        Long start = known(starts.get(partition));
        Long end = known(ends.get(partition));
        return new PartitionReport(
                info.partition(),
                Topic.hasLeader(info) ? info.leader().id() : null,
                info.replicas().stream().map(Node::id).toList(),
                info.isr().stream().map(Node::id).sorted().toList(),
                start,
                end,
                start == null || end == null ? 0 : end - start,
                sizes.get(info.partition()));
    }

    /** An answer that may be missing while a partition changes its leader. */
    private static <T> @Nullable T known(@Nullable KafkaFuture<T> future) {
        try {
            return future == null ? null : future.get();
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Map<Integer, Long> sizes(
            String topic, Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> directories) {
        Map<Integer, Long> sizes = new TreeMap<>();
        for (KafkaFuture<Map<String, LogDirDescription>> broker : directories.values()) {
            optional("sizes on disk", broker, Map::values, List.<LogDirDescription>of())
                    .forEach(directory -> directory.replicaInfos().forEach((partition, replica) -> {
                        if (partition.topic().equals(topic)) {
                            sizes.merge(partition.partition(), replica.size(), Long::sum);
                        }
                    }));
        }
        return sizes;
    }

    private static SortedMap<String, String> overrides(@Nullable Config config) {
        SortedMap<String, String> overrides = new TreeMap<>();
        if (config != null) {
            config.entries().stream()
                    .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                    .forEach(entry -> overrides.put(entry.name(), String.valueOf(entry.value())));
        }
        return overrides;
    }

    private static boolean isCompacted(KafkaFuture<Map<ConfigResource, Config>> configured, ConfigResource resource) {
        Map<ConfigResource, Config> configs = known(configured);
        Config config = configs == null ? null : configs.get(resource);
        ConfigEntry policy = config == null ? null : config.get("cleanup.policy");
        return policy != null && String.valueOf(policy.value()).contains("compact");
    }

    /**
     * Whether a producer that the partitions remember wrote a transaction: only then does its state have
     * the epoch of a coordinator, or an open transaction (KIP-664).
     */
    private static boolean isTransactional(Map<TopicPartition, KafkaFuture<PartitionProducerState>> producers) {
        return producers.values().stream()
                .map(TopicInspection::known)
                .filter(Objects::nonNull)
                .flatMap(state -> state.activeProducers().stream())
                .anyMatch(producer -> producer.coordinatorEpoch().orElse(-1) >= 0
                        || producer.currentTransactionStartOffset().isPresent());
    }

    /** The answers about groups that are under way. */
    private record Groups(
            Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> offsets,
            Map<String, KafkaFuture<ConsumerGroupDescription>> descriptions,
            Map<String, String> states) {}

    private Groups askForGroups(String name, TopicDescription topic, KafkaFuture<Collection<GroupListing>> listed) {
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
        Map<String, ListConsumerGroupOffsetsSpec> specs = new TreeMap<>();
        Set<String> active = new HashSet<>();
        Map<String, String> states = new HashMap<>();
        for (GroupListing group : optional("consumer groups", listed, Function.identity(), List.<GroupListing>of())) {
            // A simple group, which commits without members, has no protocol; other types are no consumers. Nor
            // is the checkpoint of a run of produce.
            if ((group.protocol().isEmpty() || group.protocol().equals("consumer"))
                    && !ClusterNames.isRunGroup(group.groupId())) {
                specs.put(group.groupId(), new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
                states.put(
                        group.groupId(),
                        group.groupState().map(GroupState::toString).orElse("Unknown"));
                if (!group.groupState().equals(Optional.of(GroupState.EMPTY))) {
                    active.add(group.groupId());
                }
            }
        }
        Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> offsets = new TreeMap<>();
        if (!specs.isEmpty()) {
            var result = admin.listConsumerGroupOffsets(specs);
            specs.keySet().forEach(group -> offsets.put(group, result.partitionsToOffsetAndMetadata(group)));
        }
        Map<String, KafkaFuture<ConsumerGroupDescription>> descriptions = active.isEmpty()
                ? Map.of()
                : admin.describeConsumerGroups(active).describedGroups();
        return new Groups(offsets, descriptions, states);
    }

    private List<GroupReport> groups(String topic, Groups groups, List<PartitionReport> partitions) {
        List<GroupReport> reports = new ArrayList<>();
        groups.offsets().forEach((group, future) -> {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    optional("offsets of group " + group, future, TopicInspection::positions, Map.of());
            KafkaFuture<ConsumerGroupDescription> described =
                    groups.descriptions().get(group);
            Optional<ConsumerGroupDescription> description = described == null
                    ? Optional.empty()
                    : optional("group " + group, described, Optional::of, Optional.<ConsumerGroupDescription>empty());
            Map<Integer, String> members = members(topic, description);
            if (members.isEmpty() && committed.isEmpty()) {
                return;
            }
            List<GroupPartition> progress = partitions.stream()
                    .map(partition -> progress(topic, partition, committed, members))
                    .toList();
            reports.add(new GroupReport(
                    group,
                    groups.states().getOrDefault(group, "Unknown"),
                    GroupReport.lagOf(progress),
                    description.map(each -> each.members().size()).orElse(0),
                    progress));
        });
        return reports;
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (offset != null && !OffsetMetadata.isSource(offset.metadata())) {
                positions.put(partition, offset);
            }
        });
        return positions;
    }

    private static Map<Integer, String> members(String topic, Optional<ConsumerGroupDescription> description) {
        Map<Integer, String> members = new HashMap<>();
        description
                .map(ConsumerGroupDescription::members)
                .orElse(List.<MemberDescription>of())
                .forEach(member -> member.assignment().topicPartitions().forEach(partition -> {
                    if (partition.topic().equals(topic)) {
                        members.put(partition.partition(), member.clientId() + member.host());
                    }
                }));
        return members;
    }

    private static GroupPartition progress(
            String topic,
            PartitionReport partition,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<Integer, String> members) {
        OffsetAndMetadata offset = committed.get(new TopicPartition(topic, partition.partition()));
        Long end = partition.endOffset();
        return new GroupPartition(
                partition.partition(),
                offset == null ? null : offset.offset(),
                offset == null || end == null ? null : Math.max(0, end - offset.offset()),
                members.get(partition.partition()));
    }

    /** An answer that the report can do without; then it says so. */
    private <A, T> T optional(String what, KafkaFuture<A> future, Function<? super A, ? extends T> use, T otherwise) {
        try {
            return use.apply(calls.orFailure("no " + what, future));
        } catch (Failure e) {
            String note = e.what() + ": " + e.why();
            if (!notes.contains(note)) {
                notes.add(note);
            }
            return otherwise;
        }
    }
}
