package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import dev.kstage.report.Text;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Header;
import dev.kstage.stage.Origin;
import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import dev.kstage.stage.Record;
import dev.kstage.stage.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * All partitions of a topic, for a sink with a single writer: assigned, not subscribed, so nothing is
 * waited for at the start. Only committed transactions are read. An offset that is no longer there
 * stops the stage; it never jumps.
 */
public final class KafkaSource implements Source {
    private static final Duration PROBE_EVERY = Duration.ofSeconds(5);
    private static final Duration LOOK_FOR_PARTITIONS_EVERY = Duration.ofSeconds(20);
    // As long as a broker's restart with a long recovery; then a supervisor should know.
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

    private final ClientSettings settings;
    private final Topic topic;
    private final StartRule startRule;
    private final boolean stopsAtEnd;
    private final Meter meter;
    private final @Nullable GroupMark group;
    private final @Nullable CourtesyCommits courtesy;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> endsNow = new HashMap<>();
    private long lastAnswer = System.nanoTime();
    private long lastProbe = lastAnswer;
    private long lastLookForPartitions = lastAnswer;
    private boolean answeredWithoutRecords;
    private boolean askedAtEnd;

    /**
     * @param startRule where partitions start that nobody has a position for
     * @param stopsAtEnd whether to read no further than where the topic ended at the start
     * @param group where to show the position, or null for nowhere
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
        this.startRule = startRule;
        this.stopsAtEnd = stopsAtEnd;
        this.group = group;
        this.meter = meter;
        try {
            this.consumer = new KafkaConsumer<>(settings.consumer(group == null ? null : group.group()));
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
        this.courtesy = group == null ? null : new CourtesyCommits(consumer, topic.name(), group, warnings);
    }

    @Override
    public Origin origin() {
        return new Origin(topic.name(), topic.id());
    }

    @Override
    public Positions start(Positions stored) {
        try {
            List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                    .mapToObj(this::partition)
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            ends.putAll(consumer.endOffsets(partitions));
            Positions known = knownPositions(stored, partitions);
            Map<TopicPartition, Long> first = firstOffsets(known, partitions, starts);
            for (TopicPartition partition : partitions) {
                Position position = known.of(partition.partition());
                if (position == null) {
                    position = Position.at(first.getOrDefault(partition, start(starts, partition)));
                } else {
                    requireInRange(partition, position.next(), start(starts, partition), end(partition));
                }
                seek(partition, position);
            }
        } catch (KafkaException e) {
            throw failure(e);
        }
        lastAnswer = System.nanoTime();
        return snapshot();
    }

    private Positions knownPositions(Positions stored, List<TopicPartition> partitions) {
        if (courtesy == null) {
            return stored;
        }
        Positions committed = courtesy.read(partitions);
        return group != null && group.resumes() ? committed : stored;
    }

    private static long start(Map<TopicPartition, Long> starts, TopicPartition partition) {
        return starts.getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** By the start rule on a first run; a partition added since then is read from its start. */
    private Map<TopicPartition, Long> firstOffsets(
            Positions known, List<TopicPartition> partitions, Map<TopicPartition, Long> starts) {
        if (!known.byPartition().isEmpty()) {
            return starts;
        }
        Map<TopicPartition, Long> first = new HashMap<>();
        Map<TopicPartition, @Nullable OffsetAndTimestamp> since = new HashMap<>();
        if (startRule instanceof StartRule.Since rule) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, rule.time().toEpochMilli()));
            since.putAll(consumer.offsetsForTimes(times));
        }
        for (TopicPartition partition : partitions) {
            long start = start(starts, partition);
            long end = end(partition);
            long wanted;
            if (startRule instanceof StartRule.Latest) {
                wanted = end;
            } else if (startRule instanceof StartRule.AtOffset rule) {
                wanted = rule.offset();
            } else if (startRule instanceof StartRule.Last rule) {
                wanted = end - rule.records();
            } else if (startRule instanceof StartRule.Since) {
                OffsetAndTimestamp found = since.get(partition);
                wanted = found == null ? end : found.offset();
            } else {
                wanted = start;
            }
            first.put(partition, Math.min(Math.max(start, wanted), end));
        }
        return first;
    }

    private void requireInRange(TopicPartition partition, long next, long start, long end) {
        if (next < start) {
            throw outOfRange(partition, deleted(next, start));
        }
        if (next > end) {
            throw outOfRange(
                    partition,
                    "the topic ends at " + end + ", before the stored position " + next
                            + ": its log was cut, or an unfinished transaction keeps it back");
        }
    }

    private Failure outOfRange(TopicPartition partition, String why) {
        return new Failure(
                Failure.Kind.FAILED,
                "partition " + partition.partition() + " of " + topic.name() + " can't be read on from its position",
                why,
                "nothing was skipped; to accept the gap, store what is left in a new output");
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
            List<Record> records = new ArrayList<>(Math.min(most, polled.count()));
            for (TopicPartition partition : polled.partitions()) {
                take(partition, polled.records(partition), most - records.size(), records);
            }
            positions.keySet().forEach(this::passMarkers);
            takeNewPartitions();
            if (polled.isEmpty()) {
                probe();
            } else {
                lastAnswer = System.nanoTime();
                lastProbe = lastAnswer;
                answeredWithoutRecords = false;
            }
            return new Batch(records, snapshot());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private void take(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled, int most, List<Record> into) {
        int wanted = 0;
        while (wanted < polled.size()
                && wanted < most
                && !(stopsAtEnd && polled.get(wanted).offset() >= end(partition))) {
            into.add(record(polled.get(wanted)));
            wanted++;
        }
        if (wanted < polled.size()) {
            // What is left of this poll is fetched again, if ever it is wanted.
            ConsumerRecord<byte[], byte[]> next = polled.get(wanted);
            seek(partition, new Position(next.offset(), epochOf(next)));
        } else {
            ConsumerRecord<byte[], byte[]> last = polled.get(wanted - 1);
            positions.put(partition, new Position(last.offset() + 1, epochOf(last)));
        }
    }

    private static int epochOf(ConsumerRecord<byte[], byte[]> record) {
        return record.leaderEpoch().orElse(Position.NO_EPOCH);
    }

    /** Moves the position over offsets that have no record for us, up to where the client has read. */
    private void passMarkers(TopicPartition partition) {
        if (stopsAtEnd && position(partition).next() >= end(partition)) {
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

    private static Record record(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = List.of();
        if (record.headers().iterator().hasNext()) {
            headers = new ArrayList<>();
            for (org.apache.kafka.common.header.Header header : record.headers()) {
                headers.add(new Header(header.key(), bytes(header.value())));
            }
        }
        return new Record(
                record.partition(),
                record.offset(),
                record.timestamp(),
                bytes(record.key()),
                bytes(record.value()),
                headers);
    }

    private static @Nullable Bytes bytes(byte @Nullable [] array) {
        return array == null ? null : Bytes.of(array);
    }

    /** Without records: is there nothing, or does nobody answer? The client itself does not tell. */
    private void probe() {
        if (!(isAtEnd() && stopsAtEnd) && System.nanoTime() - lastProbe >= PROBE_EVERY.toNanos()) {
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
        boolean quiet = isAtEnd() || answeredWithoutRecords;
        answeredWithoutRecords = true;
        return quiet;
    }

    private boolean answers() {
        lastProbe = System.nanoTime();
        try {
            Map<TopicPartition, Long> latest = consumer.endOffsets(positions.keySet(), Duration.ofSeconds(2));
            if (!stopsAtEnd) {
                ends.putAll(latest);
            }
            meter.waitingFor("");
            lastAnswer = System.nanoTime();
            return true;
        } catch (TimeoutException e) {
            Duration silence = Duration.ofNanos(System.nanoTime() - lastAnswer);
            meter.waitingFor(settings.bootstrapServers() + " to answer again");
            if (silence.compareTo(LONGEST_OUTAGE) >= 0) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        settings.bootstrapServers() + " does not answer any more",
                        "no answer for " + Text.duration(silence),
                        "everything committed is kept: once the cluster is back, run the same command again",
                        e);
            }
            return false;
        }
    }

    /** Partitions may be added while a run follows the topic. */
    private void takeNewPartitions() {
        if (stopsAtEnd || System.nanoTime() - lastLookForPartitions < LOOK_FOR_PARTITIONS_EVERY.toNanos()) {
            return;
        }
        lastLookForPartitions = System.nanoTime();
        try {
            List<TopicPartition> all = consumer.partitionsFor(topic.name(), Duration.ofSeconds(2)).stream()
                    .map(info -> partition(info.partition()))
                    .toList();
            List<TopicPartition> added =
                    all.stream().filter(each -> !positions.containsKey(each)).toList();
            if (!added.isEmpty()) {
                // Where they start comes first: an assigned partition without a position can't be polled.
                Map<TopicPartition, Long> starts = consumer.beginningOffsets(added, Duration.ofSeconds(2));
                consumer.assign(all);
                starts.forEach((each, start) -> seek(each, Position.at(start)));
            }
        } catch (TimeoutException e) {
            // Looked for again next time; whether anybody answers is watched elsewhere.
            return;
        }
    }

    @Override
    public boolean isAtEnd() {
        return positions.entrySet().stream().allMatch(each -> each.getValue().next() >= end(each.getKey()));
    }

    @Override
    public long left() {
        askOnceAtEnd();
        long left = 0;
        for (Map.Entry<TopicPartition, Position> each : positions.entrySet()) {
            OptionalLong lag = consumer.paused().contains(each.getKey())
                    ? OptionalLong.empty()
                    : consumer.currentLag(each.getKey());
            // The client's figure is as old as its last fetch, and the ends may have been asked for since.
            left += Math.max(
                    lag.orElse(0),
                    Math.max(
                            0,
                            endsNow.getOrDefault(each.getKey(), end(each.getKey()))
                                    - each.getValue().next()));
        }
        return left;
    }

    /** At the end as of the start, what has come since is what lies before the end. */
    private void askOnceAtEnd() {
        if (stopsAtEnd && !askedAtEnd && isAtEnd()) {
            askedAtEnd = true;
            try {
                endsNow.putAll(consumer.endOffsets(positions.keySet(), Duration.ofSeconds(2)));
            } catch (KafkaException e) {
                // Then the ends as of the start are the best that is known.
                endsNow.putAll(ends);
            }
        }
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

    private TopicPartition partition(int number) {
        return new TopicPartition(topic.name(), number);
    }

    private Failure failure(KafkaException e) {
        if (e instanceof LogTruncationException truncation) {
            TopicPartition partition =
                    truncation.offsetOutOfRangePartitions().keySet().iterator().next();
            return outOfRange(
                    partition,
                    "its log was cut after the records before the position were read"
                            + " (a leader that had not all of it took over)");
        }
        if (e instanceof OffsetOutOfRangeException out) {
            TopicPartition partition =
                    out.offsetOutOfRangePartitions().keySet().iterator().next();
            return outOfRange(partition, position(partition).next());
        }
        return KafkaFailures.of("cannot read topic " + topic.name(), e, settings);
    }

    /** Names the range that is lost, as far as the cluster still tells where the partition starts. */
    private Failure outOfRange(TopicPartition partition, long next) {
        long start;
        try {
            start = start(consumer.beginningOffsets(List.of(partition), Duration.ofSeconds(2)), partition);
        } catch (KafkaException e) {
            start = 0;
        }
        return start > next
                ? outOfRange(partition, deleted(next, start))
                : outOfRange(partition, "offset " + next + " is not there any more: the log was cut");
    }

    private static String deleted(long next, long start) {
        return "its offsets " + next + " to " + (start - 1) + " were deleted before they were read (retention); "
                + start + " is the first that is left";
    }

    @Override
    public void close() {
        if (courtesy != null) {
            courtesy.settle();
        }
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(2)));
    }
}
