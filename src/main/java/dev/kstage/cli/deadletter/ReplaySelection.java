package dev.kstage.cli.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.record.Record;
import dev.kstage.report.Json;
import dev.kstage.stage.DeadLetters;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Selects the records of one replay. Dead-letter records of a partition are stored in the order of their offsets. So
 * an upper bound per partition always selects the same records, even if more follow.
 *
 * @param only these records, as {@code partition:offset}; empty for all
 * @param reason only records whose reason contains this text; null for all
 * @param before for each topic and partition, the first offset that is not selected; nothing is selected in a
 *     partition without an entry
 */
record ReplaySelection(List<String> only, @Nullable String reason, SortedMap<String, SortedMap<Integer, Long>> before) {
    private static final JsonMapper JSON = new JsonMapper();

    ReplaySelection {
        only = only.stream().sorted().toList();
    }

    /** Selects the records that exist now, of those that the user asked for. */
    static ReplaySelection ofNow(DeadLetters deadLetters, List<String> only, @Nullable String reason) {
        SortedMap<String, SortedMap<Integer, Long>> before = new TreeMap<>();
        ReplaySelection asked = new ReplaySelection(only, reason, before);
        deadLetters.forEach(each -> {
            if (asked.asksFor(each)) {
                Record record = each.deadLetter().record();
                before.computeIfAbsent(each.topic(), topic -> new TreeMap<>())
                        .merge(record.partition(), record.offset() + 1, Math::max);
            }
        });
        return asked;
    }

    /** The part of the selection for one topic. */
    ReplaySelection alone(String topic) {
        SortedMap<String, SortedMap<Integer, Long>> one = new TreeMap<>(before);
        one.keySet().retainAll(List.of(topic));
        return new ReplaySelection(only, reason, one);
    }

    /** Parses {@link #text}; null if it is not valid. */
    static @Nullable ReplaySelection of(String text) {
        try {
            return JSON.readValue(text, ReplaySelection.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** A compact text form. */
    String text() {
        return Json.document(this);
    }

    boolean has(DeadLetters.Kept kept) {
        Record record = kept.deadLetter().record();
        Long end =
                before.getOrDefault(kept.topic(), Collections.emptySortedMap()).get(record.partition());
        return end != null && record.offset() < end && asksFor(kept);
    }

    private boolean asksFor(DeadLetters.Kept kept) {
        return (only.isEmpty()
                        || only.contains(
                                RecordLocation.of(kept.deadLetter().record()).toString()))
                && (reason == null || kept.deadLetter().reason().contains(reason));
    }

    /** Whether the user asked with the same options, even at another time. */
    boolean asksTheSame(ReplaySelection other) {
        return only.equals(other.only) && Objects.equals(reason, other.reason);
    }

    /** The options of the selection; empty if none is needed. */
    String words() {
        StringJoiner words = new StringJoiner(" ");
        only.forEach(each -> words.add("--only " + each));
        if (reason != null) {
            words.add("--reason '" + reason + "'");
        }
        return words.toString();
    }
}
