package dev.kstage.kafka.exactlyonce;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The parameters that decide the events of a run. Each is stored as a digest: the checkpoint has little room, and a
 * key or a header may be secret. The seed and the selection of dead-letter records are stored as they are, because
 * other commands need them.
 *
 * @param digests by the name that a user knows the parameter by
 */
record RunParameters(SortedMap<String, String> digests) {
    private static final int HEX_DIGITS = 12;
    private static final String SEED = "--seed";
    private static final Set<String> IN_THE_CLEAR = Set.of(SEED, ResumableRun.LETTERS);

    RunParameters {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /** Digests of these values. */
    static RunParameters of(Map<String, String> values) {
        SortedMap<String, String> digests = new TreeMap<>();
        values.forEach(
                (name, value) -> digests.put(name, IN_THE_CLEAR.contains(name) ? value : digest(name + "=" + value)));
        return new RunParameters(digests);
    }

    /** The seed of generated events; empty if the events come from an input. */
    OptionalLong seed() {
        String seed = digests.get(SEED);
        return seed == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seed));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** The differences from the parameters of a new attempt, for a message. */
    String differenceFrom(RunParameters now) {
        return differences(now).stream().map(name -> difference(name, now)).collect(Collectors.joining("; "));
    }

    private String difference(String name, RunParameters now) {
        String before = digests.get(name);
        String after = now.digests.get(name);
        if (name.equals("topic")) {
            return "the topic was deleted and recreated since";
        }
        if (before == null) {
            return name + " is given now, and was not";
        }
        if (after == null) {
            return name + " was given, and is not now";
        }
        return IN_THE_CLEAR.contains(name)
                ? name + " was " + before + " and is " + after
                : name + " is another one (only a digest of its old value is kept)";
    }

    /** The names of parameters that differ, or that only one of both has. */
    Set<String> differences(RunParameters other) {
        Set<String> names = new TreeSet<>(digests.keySet());
        names.addAll(other.digests.keySet());
        names.removeIf(name -> digests.getOrDefault(name, "").equals(other.digests.getOrDefault(name, "")));
        return names;
    }
}
