package dev.kstage.cli.stage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kstage.cli.option.KeyIfMissing;
import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.record.Bytes;
import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Failure;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.source.KeyField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code produce}; its components are the JSON keys.
 *
 * @param runId the id of a resumable run, whose numbers are totals of all attempts; null for other runs
 * @param template the kind of generated events; null for lines of a file
 * @param seed the seed of the generated events; null for lines of a file
 * @param key the key of every record; null if none was set
 * @param keyFrom the field of the value that is the key; null if there is none
 * @param keyIfMissing what to do with a record without that field; null without keyFrom
 * @param records records that the cluster acknowledged
 * @param failed records that it did not acknowledge
 * @param deadLettered lines without a key that were written to the dead-letter file
 * @param deadLetterFile that file; null if the run has none
 * @param skipped empty lines of the input
 * @param bytes size of keys and values before compression, in bytes
 * @param failure what ended the run early, or the first failure of a record; null if neither
 */
record ProduceReport(
        String command,
        String topic,
        @Nullable String runId,
        @Nullable String template,
        @Nullable Long seed,
        @Nullable String key,
        @Nullable String keyFrom,
        @Nullable String keyIfMissing,
        long records,
        long failed,
        long deadLettered,
        @Nullable String deadLetterFile,
        long skipped,
        long bytes,
        long durationMs,
        long recordsPerSecond,
        SortedMap<Integer, DeliveryStats.ToPartition> partitions,
        @JsonIgnore @Nullable Failure failure) {
    /** Lines in the dead-letter file, and that file. */
    record DeadLettered(long lines, @Nullable String file) {}

    static ProduceReport of(
            ProduceRequest request,
            DeliveryStats delivered,
            DeadLettered deadLettered,
            long skipped,
            Duration time,
            @Nullable Failure failure) {
        KeyField keyField = request.keyField();
        Bytes key = request.addressing().key();
        boolean generated = request.input() == null;
        return new ProduceReport(
                "produce",
                request.topic(),
                request.runId(),
                generated ? "user_events" : null,
                generated ? request.seed() : null,
                key == null ? null : key.toString(),
                keyField == null ? null : keyField.path(),
                keyField == null ? null : KeyIfMissing.nameOf(keyField.ifMissing()),
                delivered.records(),
                delivered.failed(),
                deadLettered.lines(),
                deadLettered.file(),
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
                + (failed > 0 ? ", " + AnsiStyle.BAD.on(Text.count(failed) + " failed") : ", 0 failed")
                + (deadLettered > 0
                        ? ", " + AnsiStyle.ODD.on(Text.plural(deadLettered, "dead-letter record")) + " in "
                                + Text.harmless(String.valueOf(deadLetterFile))
                        : "")
                + (skipped > 0 ? ", " + Text.plural(skipped, "empty line") + " skipped" : ""));
        return lines;
    }
}
