package dev.kstage.profile;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${env:NAME}} and {@code ${file:/path}} in the values of a profile. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    private Placeholders() {}

    static SortedMap<String, String> replaced(
            String profile, SortedMap<String, String> properties, Map<String, String> environment) {
        SortedMap<String, String> replaced = new TreeMap<>();
        properties.forEach((key, value) -> {
            Matcher matcher = PLACEHOLDER.matcher(value);
            replaced.put(
                    key,
                    matcher.replaceAll(match -> Matcher.quoteReplacement(
                            match.group(1).equals("env")
                                    ? variable(profile, key, match.group(2), environment)
                                    : content(profile, key, match.group(2)))));
        });
        return replaced;
    }

    private static String variable(String profile, String key, String name, Map<String, String> environment) {
        String value = environment.get(name);
        if (value == null) {
            throw failure(profile, key, "the environment variable " + name + " is not set", "set it, and run again");
        }
        return value;
    }

    private static String content(String profile, String key, String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw failure(profile, key, "cannot read " + file, "make that file readable for you");
        }
    }

    private static Failure failure(String profile, String key, String why, String remedy) {
        return new Failure(
                Failure.Kind.USAGE, "cannot fill in \"" + key + "\" of profile \"" + profile + "\"", why, remedy);
    }
}
