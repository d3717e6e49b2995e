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
 * Which letters one replay is about. Letters of a partition come to a place in the order of their
 * offsets, so these bounds mean the same letters for ever, whatever comes after them.
 *
 * @param only those with these coordinates alone, as {@code partition:offset}; none for all
 * @param reason those alone whose reason contains this; null for all
 * @param before for each topic and partition, the offset from which on letters are not meant; without an
 *     entry none is
 */
record ReplaySelection(List<String> only, @Nullable String reason, SortedMap<String, SortedMap<Integer, Long>> before) {
    private static final JsonMapper JSON = new JsonMapper();

    ReplaySelection {
        only = only.stream().sorted().toList();
    }

    /** Those that are there now of all that are asked for. */
    static ReplaySelection ofNow(DeadLetters letters, List<String> only, @Nullable String reason) {
        SortedMap<String, SortedMap<Integer, Long>> before = new TreeMap<>();
        ReplaySelection asked = new ReplaySelection(only, reason, before);
        letters.forEach(each -> {
            if (asked.asksFor(each)) {
                Record record = each.letter().record();
                before.computeIfAbsent(each.topic(), topic -> new TreeMap<>())
                        .merge(record.partition(), record.offset() + 1, Math::max);
            }
        });
        return asked;
    }

    /** Those of one topic alone. */
    ReplaySelection alone(String topic) {
        SortedMap<String, SortedMap<Integer, Long>> one = new TreeMap<>(before);
        one.keySet().retainAll(List.of(topic));
        return new ReplaySelection(only, reason, one);
    }

    /** Reads what {@link #text} gave; null if it is not that. */
    static @Nullable ReplaySelection of(String text) {
        try {
            return JSON.readValue(text, ReplaySelection.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** All of it, in little room. */
    String text() {
        return Json.document(this);
    }

    boolean has(DeadLetters.Kept letter) {
        Record record = letter.letter().record();
        Long end = before.getOrDefault(letter.topic(), Collections.emptySortedMap())
                .get(record.partition());
        return end != null && record.offset() < end && asksFor(letter);
    }

    private boolean asksFor(DeadLetters.Kept letter) {
        return (only.isEmpty()
                        || only.contains(
                                RecordLocation.of(letter.letter().record()).toString()))
                && (reason == null || letter.letter().reason().contains(reason));
    }

    /** Whether it was asked for in the same words, be it at another time. */
    boolean asksTheSame(ReplaySelection other) {
        return only.equals(other.only) && Objects.equals(reason, other.reason);
    }

    /** How one asks for it on the command line; empty where no option is needed. */
    String words() {
        StringJoiner words = new StringJoiner(" ");
        only.forEach(each -> words.add("--only " + each));
        if (reason != null) {
            words.add("--reason '" + reason + "'");
        }
        return words.toString();
    }
}
