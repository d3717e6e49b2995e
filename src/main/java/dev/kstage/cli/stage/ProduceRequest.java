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
 * What a run of {@code produce} should do.
 *
 * @param runId the id of a run that continues where an earlier attempt ended, or null
 * @param input a file, {@code -} for standard input, or null for generated events
 * @param format the format of an input line
 * @param count maximum number of records; always set for generated events
 * @param seed of the generated events
 * @param perSecond records per second, or 0 for no limit
 * @param keyField the field of the value that is the key, or null
 * @param deadLetter the file for lines without that field, or null for the default
 * @param partitioner which client's partitioner is used
 * @param compression the codec, or null for that of the profile
 * @param partitions of a new topic, or empty for the cluster's default
 * @param replication of a new topic, or empty for the cluster's default
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
    /** The partitioner for records with a key. */
    enum Partitioner {
        JAVA,
        LIBRDKAFKA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether lines without a key become dead-letter records. */
    boolean hasDeadLetters() {
        return keyField != null && keyField.ifMissing() == KeyField.IfMissing.DEAD_LETTER;
    }

    /** The parameters that determine the events, by option. */
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
                // Otherwise left out, like the partitioner.
                parameters.put("--empty-lines", "keep");
            }
        }
        parameters.put("--count", String.valueOf(count));
        parameters.put("--key", String.valueOf(addressing.key()));
        parameters.put("--key-from", keyField == null ? "null" : keyField.path());
        if (keyField != null && keyField.ifMissing() != KeyField.IfMissing.FAIL) {
            // Otherwise left out, like the partitioner.
            parameters.put("--key-if-missing", KeyIfMissing.nameOf(keyField.ifMissing()));
        }
        if (deadLetter != null) {
            parameters.put("--dead-letter", deadLetter);
        }
        parameters.put("--header", String.valueOf(addressing.headers()));
        parameters.put("--partition", String.valueOf(addressing.partition()));
        if (partitioner != Partitioner.JAVA) {
            // Otherwise left out, so that runs of releases without this option can continue.
            parameters.put("--partitioner", partitioner.toString());
        }
        return parameters;
    }
}
