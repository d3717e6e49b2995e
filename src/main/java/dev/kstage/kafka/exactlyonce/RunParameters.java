package dev.kstage.kafka.exactlyonce;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that decide the events of a run. The checkpoint has little room, and a key or a header may be secret.
 * So these two, and long values, are stored as digests; other values as they are. The seed and the selection of
 * dead-letter records are always stored as they are, because other commands need them.
 *
 * @param stored by the name that a user knows the parameter by: {@code =} and the value, or a digest, or for the seed
 *     and the selection of dead-letter records the value alone
 */
record RunParameters(SortedMap<String, String> stored) {
    private static final int HEX_DIGITS = 12;
    private static final String SEED = "--seed";
    private static final Set<String> IN_THE_CLEAR = Set.of(SEED, ResumableRun.LETTERS);
    // They are part of the records, which not everybody who sees the group may read.
    private static final Set<String> MAY_BE_SECRET = Set.of("--key", "--header");
    // A digest has no such character.
    private static final String CLEAR = "=";
    // In characters: with all options given, the checkpoint keeps half of what a broker accepts.
    private static final int LONGEST = 40;
    // The values of options that were not given.
    private static final Set<String> NONE = Set.of("null", "[]", "OptionalInt.empty", "OptionalLong.empty");
    private static final Pattern OPTIONAL = Pattern.compile("Optional(?:Int|Long)\\[(-?\\d+)]");

    RunParameters {
        stored = Collections.unmodifiableSortedMap(new TreeMap<>(stored));
    }

    /** These values, as they are stored. */
    static RunParameters of(Map<String, String> values) {
        SortedMap<String, String> stored = new TreeMap<>();
        values.forEach((name, value) -> stored.put(name, stored(name, value)));
        return new RunParameters(stored);
    }

    private static String stored(String name, String value) {
        if (IN_THE_CLEAR.contains(name)) {
            return value;
        }
        return value.length() > LONGEST || MAY_BE_SECRET.contains(name) ? digest(name, value) : CLEAR + value;
    }

    /** The seed of generated events; empty if the events come from an input. */
    OptionalLong seed() {
        String seed = stored.get(SEED);
        return seed == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(seed));
    }

    private static String digest(String name, String value) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((name + "=" + value).getBytes(StandardCharsets.UTF_8));
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
        String before = stored.get(name);
        String after = now.stored.get(name);
        if (name.equals("topic")) {
            return "the topic was deleted and recreated since";
        }
        if (before == null) {
            return name + " is given now, and was not";
        }
        if (after == null) {
            return name + " was given, and is not now";
        }
        String old = shown(name, before);
        String fresh = shown(name, after);
        if (old != null) {
            return name + " was " + old + " and is " + (fresh == null ? "another one" : fresh);
        }
        return name + " is another one" + (fresh == null ? "" : ", " + fresh)
                + " (only a digest of its old value is kept)";
    }

    /** A value as a user knows it; null for one that is a digest. */
    private static @Nullable String shown(String name, String stored) {
        if (IN_THE_CLEAR.contains(name)) {
            return stored;
        }
        if (!stored.startsWith(CLEAR)) {
            return null;
        }
        String value = stored.substring(CLEAR.length());
        Matcher optional = OPTIONAL.matcher(value);
        return NONE.contains(value) ? "not given" : optional.matches() ? optional.group(1) : value;
    }

    /** Whether two stored values are of the same one: earlier releases kept digests only. */
    private static boolean isSame(String name, @Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return Objects.equals(one, other);
        }
        return one.equals(other) || asDigest(name, one).equals(asDigest(name, other));
    }

    private static String asDigest(String name, String stored) {
        return stored.startsWith(CLEAR) && !IN_THE_CLEAR.contains(name)
                ? digest(name, stored.substring(CLEAR.length()))
                : stored;
    }

    /** Whether all parameters of another one are among these. */
    boolean contain(RunParameters other) {
        return other.stored.entrySet().stream()
                .allMatch(each -> isSame(each.getKey(), stored.get(each.getKey()), each.getValue()));
    }

    /** The names of parameters that differ, or that only one of both has. */
    Set<String> differences(RunParameters other) {
        Set<String> names = new TreeSet<>(stored.keySet());
        names.addAll(other.stored.keySet());
        names.removeIf(name -> isSame(name, stored.get(name), other.stored.get(name)));
        return names;
    }
}
