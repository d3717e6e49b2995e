package dev.kstage.profile;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Replaces {@code ${env:NAME}} and {@code ${file:/path}} in the values of a profile. */
public final class Placeholders {
    private static final String VARIABLE = "${env:";
    private static final String FILE = "${file:";

    // Properties whose values appear in messages, so they are not masked.
    private static final Set<String> SHOWN =
            Set.of(Profile.BOOTSTRAP_SERVERS, "security.protocol", "sasl.mechanism", "sasl.mechanisms");
    private static final Pattern PLAIN = Pattern.compile("[0-9.]+|true|false");
    private static final int LEAST_HIDDEN = 4;

    private Placeholders() {}

    /**
     * The properties of a profile with all placeholders replaced.
     *
     * @param texts the inserted values, to be masked: whoever stores a value elsewhere has a reason
     */
    public record Filled(SortedMap<String, String> properties, Set<String> texts) {}

    public static Filled filled(String profile, SortedMap<String, String> properties, Map<String, String> environment) {
        SortedMap<String, String> replaced = new TreeMap<>();
        Set<String> texts = new TreeSet<>();
        properties.forEach((key, value) -> {
            Consumer<String> filledIn = SHOWN.contains(key)
                    ? text -> {}
                    : text -> {
                        if (text.length() >= LEAST_HIDDEN
                                && !PLAIN.matcher(text).matches()) {
                            texts.add(text);
                        }
                    };
            replaced.put(key, replaced(profile, key, value, environment, filledIn));
        });
        return new Filled(replaced, texts);
    }

    /** One pass: a search for the end of each unclosed placeholder would take quadratic time. */
    private static String replaced(
            String profile, String key, String value, Map<String, String> environment, Consumer<String> filledIn) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        int last = value.lastIndexOf('}');
        for (int begin = next(value, 0); begin >= 0 && begin < last; begin = next(value, at)) {
            int name = value.indexOf(':', begin) + 1;
            int end = value.indexOf('}', name);
            replaced.append(value, at, begin);
            if (end == name) {
                replaced.append(value, begin, end + 1);
            } else {
                String written = value.substring(name, end);
                String text = value.startsWith(VARIABLE, begin)
                        ? variable(profile, key, written, environment)
                        : content(profile, key, written);
                filledIn.accept(text);
                replaced.append(text);
            }
            at = end + 1;
            if (replaced.length() > SmallFile.MOST) {
                throw failure(profile, key, "its value is longer than 1 MB", "remove some of its placeholders");
            }
        }
        return replaced.append(value, at, value.length()).toString();
    }

    /** The index of the next placeholder, or -1. */
    private static int next(String value, int from) {
        int at = value.indexOf("${", from);
        while (at >= 0 && !value.startsWith(VARIABLE, at) && !value.startsWith(FILE, at)) {
            at = value.indexOf("${", at + 1);
        }
        return at;
    }

    private static String variable(String profile, String key, String name, Map<String, String> environment) {
        String value = environment.get(name);
        if (value == null) {
            throw failure(
                    profile,
                    key,
                    "the environment variable " + name + " is not set",
                    "set the variable," + " then run the same command again");
        }
        return value;
    }

    private static String content(String profile, String key, String file) {
        try {
            return SmallFile.read(file).text().strip();
        } catch (RejectedFile e) {
            throw failure(profile, key, "cannot read " + file + ": " + e.getReason(), e.remedy());
        } catch (CharacterCodingException e) {
            throw failure(
                    profile,
                    key,
                    "cannot read " + file + ": it is not text in UTF-8",
                    "convert the file" + " to UTF-8");
        } catch (IOException e) {
            throw failure(profile, key, "cannot read " + file, "make that file readable for your user");
        }
    }

    private static Failure failure(String profile, String key, String why, String remedy) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot replace the placeholders of \"" + key + "\" of profile \"" + profile + "\"",
                why,
                remedy);
    }
}
