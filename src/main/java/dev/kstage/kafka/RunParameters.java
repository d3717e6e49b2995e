package dev.kstage.kafka;

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

/**
 * What the events of a run follow from, each parameter but the seed as a digest: the checkpoint has
 * little room, and a key or a header may be nobody's business. By the seed others can make the events
 * again, and by the letters a replay knows which it was about.
 *
 * @param digests by the name that a user knows the parameter by
 */
record RunParameters(SortedMap<String, String> digests) {
    private static final int HEX_DIGITS = 12;
    private static final String SEED = "--seed";
    private static final Set<String> IN_THE_CLEAR = Set.of(SEED, RunSink.Run.LETTERS);

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

    /** The seed of the run's events; nothing if they were not made up. */
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

    /** The names of those that differ, or that only one has. */
    Set<String> differences(RunParameters other) {
        Set<String> names = new TreeSet<>(digests.keySet());
        names.addAll(other.digests.keySet());
        names.removeIf(name -> digests.getOrDefault(name, "").equals(other.digests.getOrDefault(name, "")));
        return names;
    }
}
