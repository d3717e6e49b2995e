package dev.kstage.cli.stage;

import dev.kstage.cli.option.KeyIfMissing;
import dev.kstage.source.KeyField;
import dev.kstage.source.LineFormat;
import dev.kstage.transform.RecordKeying;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code produce} is to do.
 *
 * @param runId the id of a run that goes on where an earlier attempt of it ended, or null for none
 * @param input a file, {@code -} for standard input, or null for generated events
 * @param format what a line of the input holds
 * @param count how many records at the most; always set for generated events
 * @param seed of the generated events
 * @param perSecond records per second, or 0 for as fast as it goes
 * @param keyField the field of the value that is the key, or null for none
 * @param deadLetter the file of lines without that field as the user named it, or null for the one beside the input
 * @param partitioner which clients' choice of a partition by the key counts
 * @param compression the codec, or null for what the profile says
 * @param partitions of a topic that does not exist yet, or empty for the cluster's default
 * @param replication of a topic that does not exist yet, or empty for the cluster's default
 */
record ProduceRequest(
        String topic,
        @Nullable String runId,
        @Nullable String input,
        LineFormat format,
        OptionalLong count,
        long seed,
        double perSecond,
        RecordKeying addressing,
        @Nullable KeyField keyField,
        @Nullable String deadLetter,
        Partitioner partitioner,
        @Nullable String compression,
        Optional<Integer> partitions,
        Optional<Short> replication) {
    /** Whose choice of a partition by the key. */
    enum Partitioner {
        JAVA,
        LIBRDKAFKA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether lines without a key are put aside. */
    boolean hasDeadLetters() {
        return keyField != null && keyField.ifMissing() == KeyField.IfMissing.DEAD_LETTER;
    }

    /** What the events follow from, by the options that set it. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        if (input == null) {
            parameters.put("template", "user_events");
            parameters.put("--seed", String.valueOf(seed));
        } else {
            parameters.put("--from", input);
            boolean keepsEmpty = format.keepsEmptyLines();
            parameters.put("--format", String.valueOf(keepsEmpty ? new LineFormat.Value() : format));
            if (keepsEmpty) {
                // Left out otherwise, as with the partitioner.
                parameters.put("--empty-lines", "keep");
            }
        }
        parameters.put("--count", String.valueOf(count));
        parameters.put("--key", String.valueOf(addressing.key()));
        parameters.put("--key-from", keyField == null ? "null" : keyField.path());
        if (keyField != null && keyField.ifMissing() != KeyField.IfMissing.FAIL) {
            // Left out otherwise, as with the partitioner.
            parameters.put("--key-if-missing", KeyIfMissing.nameOf(keyField.ifMissing()));
        }
        if (deadLetter != null) {
            parameters.put("--dead-letter", deadLetter);
        }
        parameters.put("--header", String.valueOf(addressing.headers()));
        parameters.put("--partition", String.valueOf(addressing.partition()));
        if (partitioner != Partitioner.JAVA) {
            // Left out otherwise: runs that began before there was a choice go on.
            parameters.put("--partitioner", partitioner.toString());
        }
        return parameters;
    }
}
