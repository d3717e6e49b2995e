package dev.kstage.cli.stage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kstage.kafka.Delivered;
import dev.kstage.report.Failure;
import dev.kstage.report.Ink;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.stage.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code produce} did; the components are the keys of its JSON report.
 *
 * @param runId the id of a resumable run, of which the figures are those of all attempts together; null
 *     for one that is not
 * @param template the kind of generated events; null for lines of a file
 * @param seed by which the same events can be made again; null for lines of a file
 * @param key the one that every record was given; null if they were given none
 * @param keyFrom the field of the value that each was given as its key; null if none was
 * @param records records that the cluster acknowledged
 * @param failed records that it did not
 * @param skipped empty lines of the input
 * @param bytes bytes of keys and values before compression
 * @param failure what ended the run before its end, or the first record's own fault; null if neither
 */
record ProduceReport(
        String command,
        String topic,
        @Nullable String runId,
        @Nullable String template,
        @Nullable Long seed,
        @Nullable String key,
        @Nullable String keyFrom,
        long records,
        long failed,
        long skipped,
        long bytes,
        long durationMs,
        long recordsPerSecond,
        SortedMap<Integer, Delivered.ToPartition> partitions,
        @JsonIgnore @Nullable Failure failure) {
    static ProduceReport of(
            ProduceRequest request, Delivered delivered, long skipped, Duration time, @Nullable Failure failure) {
        Bytes key = request.addressing().key();
        boolean generated = request.input() == null;
        return new ProduceReport(
                "produce",
                request.topic(),
                request.runId(),
                generated ? "user_events" : null,
                generated ? request.seed() : null,
                key == null ? null : key.toString(),
                request.addressing().keyField(),
                delivered.records(),
                delivered.failed(),
                skipped,
                delivered.bytes(),
                time.toMillis(),
                Text.perSecond(delivered.records(), time),
                delivered.partitions(),
                failure);
    }

    List<String> lines() {
        Table table = new Table(">partition", ">records", ">first offset", ">last offset");
        partitions.forEach((number, to) ->
                table.row(number, Text.count(to.records()), Text.count(to.firstOffset()), Text.count(to.lastOffset())));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add("produced " + Text.plural(records, "record") + " to " + Text.harmless(topic) + " in "
                + Text.duration(Duration.ofMillis(durationMs)) + " (" + Text.count(recordsPerSecond) + "/s, "
                + Text.bytes(bytes) + ")"
                + (failed > 0 ? ", " + Ink.BAD.on(Text.count(failed) + " failed") : ", 0 failed")
                + (skipped > 0 ? ", " + Text.plural(skipped, "empty line") + " skipped" : ""));
        return lines;
    }
}
