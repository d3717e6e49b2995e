package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Claims;
import dev.kstage.stage.LostRace;
import dev.kstage.stage.NotStored;
import dev.kstage.stage.Origin;
import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import dev.kstage.stage.Record;
import dev.kstage.stage.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a topic: all of them for a sink with a single writer, or a share of them as a
 * member of a group. Only committed transactions are read. An offset that is no longer there stops the
 * stage; it never jumps.
 */
public final class KafkaSource implements Source {
    private static final Duration LOOK_FOR_PARTITIONS_EVERY = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_STUMBLES = 20;
    private static final Duration BETWEEN_STUMBLES = Duration.ofMillis(50);

    private final ClientSettings settings;
    private final Topic topic;
    private final boolean stopsAtEnd;
    private final Meter meter;
    private final @Nullable GroupMark group;
    private final @Nullable CourtesyCommits courtesy;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final StartOffsets startOffsets;
    private final Outage outage;
    private final Membership membership;
    private final @Nullable Companions companions;
    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private final Ends ends;
    private @Nullable Claims claims;
    private @Nullable ConsumerGroupMetadata groupAsOfPoll;
    private long lastLookForPartitions = System.nanoTime();
    private boolean answeredWithoutRecords;

    /**
     * @param startRule where partitions start that nobody has a position for
     * @param stopsAtEnd whether to read no further than where the topic ended at the start
     * @param group the group of the run, or null for none
     * @param meter told when the cluster does not answer
     * @param warnings told what is wrong with the group, which does not stop a run
     */
    public KafkaSource(
            ClientSettings settings,
            Topic topic,
            StartRule startRule,
            boolean stopsAtEnd,
            @Nullable GroupMark group,
            Meter meter,
            Consumer<String> warnings) {
        this.settings = settings;
        this.topic = topic;
        this.stopsAtEnd = stopsAtEnd;
        this.group = group;
        this.meter = meter;
        try {
            this.consumer = new KafkaConsumer<>(settings.consumer(group));
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
        this.courtesy = group == null ? null : new CourtesyCommits(consumer, topic.name(), group, warnings);
        this.ends = new Ends(consumer, PATIENCE);
        this.startOffsets = new StartOffsets(consumer, startRule, ends::orUnknown);
        this.outage = new Outage(consumer, settings.bootstrapServers(), meter);
        this.companions = isShared() ? new Companions(consumer, courtesy, meter) : null;
        Membership.Holder holder = new Share();
        this.membership = isShared()
                ? Membership.ofGroup(consumer, topic.name(), holder)
                : Membership.ofAll(consumer, allPartitions(topic.partitions()), holder);
    }

    /** To be told, once, if the start rule does not decide where the run starts or where it says. */
    public void tellOfStart(Consumer<String> notes) {
        startOffsets.tell(notes);
    }

    private boolean isShared() {
        return group != null && group.sharing() != null;
    }

    private boolean isOfSink() {
        return group != null && group.role() == GroupMark.Role.OF_SINK;
    }

    private List<TopicPartition> allPartitions(int number) {
        return IntStream.range(0, number).mapToObj(this::partition).toList();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic.name(), number);
    }

    @Override
    public Origin origin() {
        return new Origin(topic.name(), topic.id());
    }

    @Override
    public int partitions() {
        return topic.partitions();
    }

    @Override
    public void start(Claims told) {
        claims = told;
        try {
            ends.are(consumer.endOffsets(allPartitions(topic.partitions())));
            if (isShared()) {
                meter.waitingFor(Objects.requireNonNull(group).waiting());
            }
            membership.begin();
        } catch (KafkaException e) {
            throw failure(e);
        }
        outage.answered();
    }

    @Override
    public void restart() {
        try {
            positions.clear();
            consumer.resume(consumer.paused());
            if (isOfSink() && isMember() && !consumer.assignment().isEmpty()) {
                // Each commit proves the membership: no reason to trouble the others by leaving and joining.
                new Share().assigned(consumer.assignment());
            } else {
                membership.begin();
            }
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /** Partitions as they come and go, in this thread, when the run starts and while it polls. */
    private final class Share implements Membership.Holder {
        @Override
        public void assigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            meter.waitingFor("");
            noteMembership();
            Positions committed = courtesy == null || isOfSink() ? Positions.NONE : courtesy.read(partitions);
            Positions known = claims().claim(numbers(partitions), (missing, born) -> starts(committed, missing, born));
            startOffsets.noteIfIgnored(numbers(partitions));
            Map<TopicPartition, Long> beginnings = answered(() -> consumer.beginningOffsets(partitions));
            // Asked for again: another run of the group may have read on since this one started.
            Map<TopicPartition, Long> endsByNow = answered(() -> consumer.endOffsets(partitions));
            for (TopicPartition partition : partitions) {
                Position position = Objects.requireNonNull(known.of(partition.partition()));
                LostRange.refuse(
                        partition,
                        position.next(),
                        beginnings.getOrDefault(partition, 0L),
                        endsByNow.getOrDefault(partition, Long.MAX_VALUE));
                seek(partition, position);
            }
            if (courtesy != null) {
                courtesy.commit(known);
            }
        }

        /**
         * The client stumbles when its metadata is renewed between two looks at a leader, as happens while
         * partitions come and go: then it is asked again.
         */
        private Map<TopicPartition, Long> answered(Supplier<Map<TopicPartition, Long>> question) {
            for (int stumbles = 0; stumbles < MOST_STUMBLES; stumbles++) {
                try {
                    return question.get();
                } catch (NullPointerException e) {
                    LockSupport.parkNanos(BETWEEN_STUMBLES.toNanos());
                }
            }
            return question.get();
        }

        /** Where the group stands if it has the position, else by the rule. */
        private Positions starts(Positions committed, Set<Integer> missing, int born) {
            Positions known = group != null && group.resumes() ? committed.within(missing) : Positions.NONE;
            Set<Integer> unknown = new HashSet<>(missing);
            unknown.removeAll(known.byPartition().keySet());
            return unknown.isEmpty()
                    ? known
                    : known.and(startOffsets.of(topic.name(), unknown, known.isEmpty() ? born : 0));
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            // The group may be a generation further, in which these are still this run's until this returns.
            noteMembership();
            claims().release(numbers(partitions));
            if (courtesy != null) {
                courtesy.settle();
            }
            forget(partitions);
        }

        @Override
        public void lost(Collection<TopicPartition> partitions) {
            claims().lose(numbers(partitions));
            forget(partitions);
        }

        private void forget(Collection<TopicPartition> partitions) {
            partitions.forEach(positions::remove);
            if (courtesy != null) {
                courtesy.forget(numbers(partitions));
            }
        }

        private Claims claims() {
            return Objects.requireNonNull(claims, "set by start");
        }

        private Set<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        }
    }

    private void seek(TopicPartition partition, Position position) {
        positions.put(partition, position);
        consumer.seek(partition, new OffsetAndMetadata(position.next(), epoch(position), ""));
    }

    static Optional<Integer> epoch(Position position) {
        return position.leaderEpoch() == Position.NO_EPOCH ? Optional.empty() : Optional.of(position.leaderEpoch());
    }

    @Override
    public Batch poll(int most, Duration wait) {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
            // As of this poll, which has told of everything lost before it: one asked for later might be of a
            // membership that has lost what this run still holds.
            noteMembership();
            List<Record> records = new ArrayList<>(Math.min(most, polled.count()));
            for (TopicPartition partition : polled.partitions()) {
                take(partition, polled.records(partition), most - records.size(), records);
            }
            positions.keySet().forEach(this::passMarkers);
            takeNewPartitions();
            if (polled.isEmpty()) {
                askWhetherAnybodyAnswers();
            } else {
                outage.answered();
                answeredWithoutRecords = false;
            }
            return new Batch(records, snapshot());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private void noteMembership() {
        groupAsOfPoll = isShared() ? consumer.groupMetadata() : null;
    }

    /** The group's metadata to send with an offset commit of what the last poll gave. */
    ConsumerGroupMetadata groupAsOfPoll() {
        return groupAsOfPoll == null ? consumer.groupMetadata() : groupAsOfPoll;
    }

    private void take(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled, int most, List<Record> into) {
        long end = stopsAtEnd ? ends.of(partition) : Long.MAX_VALUE;
        int wanted = 0;
        while (wanted < polled.size() && wanted < most && polled.get(wanted).offset() < end) {
            into.add(Received.record(polled.get(wanted)));
            wanted++;
        }
        if (wanted < polled.size()) {
            // What is left of this poll is fetched again, if ever it is wanted.
            ConsumerRecord<byte[], byte[]> next = polled.get(wanted);
            seek(partition, Received.at(next));
        } else {
            ConsumerRecord<byte[], byte[]> last = polled.get(wanted - 1);
            positions.put(partition, Received.after(last));
        }
    }

    /** Moves the position over offsets that have no record for us, up to where the client has read. */
    private void passMarkers(TopicPartition partition) {
        if (stopsAtEnd && position(partition).next() >= ends.of(partition)) {
            if (!consumer.paused().contains(partition)) {
                consumer.pause(List.of(partition));
            }
            return;
        }
        try {
            long next = consumer.position(partition, Duration.ZERO);
            if (next > position(partition).next()) {
                // What lies between may be of a later leader than the last record: with that one's epoch the
                // position would look like one in a log that was cut.
                positions.put(partition, Position.at(next));
            }
        } catch (TimeoutException e) {
            // The client is checking it against a new leader; the position known before still holds.
            return;
        }
    }

    private Position position(TopicPartition partition) {
        return positions.getOrDefault(partition, Position.at(0));
    }

    /** Without records: is there nothing, or does nobody answer? */
    private void askWhetherAnybodyAnswers() {
        if (!isShareRead() && outage.isQuestionDue()) {
            answers();
        }
    }

    /**
     * Records that are there and do not come mean that fetching has not recovered yet; but if they don't
     * come all through a second idle time there are none: compaction can leave a gap before the end.
     */
    @Override
    public boolean isQuiet() {
        if (!answers()) {
            answeredWithoutRecords = false;
            return false;
        }
        boolean quiet = isOwnShareAtEnd() || answeredWithoutRecords;
        answeredWithoutRecords = true;
        return quiet;
    }

    private boolean answers() {
        Collection<TopicPartition> asked =
                positions.isEmpty() ? allPartitions(topic.partitions()) : List.copyOf(positions.keySet());
        Map<TopicPartition, Long> latest = outage.ask(asked);
        if (!stopsAtEnd) {
            ends.are(latest);
        }
        return !latest.isEmpty();
    }

    /** Partitions may be added while a run follows the topic; a group is told of them by itself. */
    private void takeNewPartitions() {
        if (stopsAtEnd
                || isShared()
                || System.nanoTime() - lastLookForPartitions < LOOK_FOR_PARTITIONS_EVERY.toNanos()) {
            return;
        }
        lastLookForPartitions = System.nanoTime();
        try {
            List<TopicPartition> all = consumer.partitionsFor(topic.name(), PATIENCE).stream()
                    .map(PartitionInfo::partition)
                    .map(this::partition)
                    .toList();
            List<TopicPartition> added =
                    all.stream().filter(each -> !positions.containsKey(each)).toList();
            if (!added.isEmpty()) {
                consumer.assign(all);
                new Share().assigned(added);
            }
        } catch (TimeoutException e) {
            // Looked for again next time; whether anybody answers is watched elsewhere.
            return;
        }
    }

    @Override
    public boolean isAtEnd() {
        return isOwnShareAtEnd()
                && (companions == null
                        || !stopsAtEnd
                        || (isMember() && companions.areAtEnd(positions.keySet(), ends.all())));
    }

    @Override
    public boolean isShareRead() {
        return stopsAtEnd && !positions.isEmpty() && isOwnShareAtEnd();
    }

    private boolean isMember() {
        return consumer.groupMetadata().generationId() >= 0;
    }

    private boolean isOwnShareAtEnd() {
        return positions.entrySet().stream().allMatch(each -> each.getValue().next() >= ends.of(each.getKey()));
    }

    @Override
    public long left() {
        return ends.left(positions, isShareRead());
    }

    @Override
    public void stored(Positions stored) {
        if (courtesy != null) {
            courtesy.commit(stored);
        }
    }

    private Positions snapshot() {
        Map<Integer, Position> snapshot = new HashMap<>();
        positions.forEach((partition, position) -> snapshot.put(partition.partition(), position));
        return Positions.of(snapshot);
    }

    private RuntimeException failure(KafkaException e) {
        // What happens while partitions come and go is wrapped by the client.
        Throwable cause = e.getCause();
        if (cause instanceof Failure || cause instanceof LostRace || cause instanceof NotStored) {
            return (RuntimeException) cause;
        }
        if (e instanceof LogTruncationException truncation) {
            return LostRange.cut(
                    truncation.offsetOutOfRangePartitions().keySet().iterator().next());
        }
        if (e instanceof OffsetOutOfRangeException out) {
            TopicPartition partition =
                    out.offsetOutOfRangePartitions().keySet().iterator().next();
            return LostRange.gone(consumer, partition, position(partition).next());
        }
        return KafkaFailures.of("cannot read topic " + topic.name(), e, settings);
    }

    @Override
    public void close() {
        if (courtesy != null) {
            courtesy.settle();
        }
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(PATIENCE));
    }
}
