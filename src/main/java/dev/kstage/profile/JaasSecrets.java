package dev.kstage.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The secrets within a {@code sasl.jaas.config}, found in one pass whatever its length: a regular expression that
 * repeats a choice recurses in Java, and ends in a stack overflow after some thousand characters.
 */
final class JaasSecrets {
    private static final List<String> OPTIONS = List.of("password", "passphrase", "secret", "token", "key");

    private final String config;
    private final List<String> found = new ArrayList<>();

    private JaasSecrets(String config) {
        this.config = config;
    }

    /** Each as it is written and, where that differs, as the login module has it: a message may show either. */
    static List<String> in(String config) {
        JaasSecrets secrets = new JaasSecrets(config);
        int equals = config.indexOf('=');
        while (equals >= 0) {
            int next = secrets.isSecret(equals) ? secrets.take(equals + 1) : equals + 1;
            equals = config.indexOf('=', next);
        }
        return secrets.found.stream()
                .flatMap(written -> Stream.of(written, Jaas.unescaped(written)))
                .distinct()
                .toList();
    }

    private boolean isSecret(int equals) {
        int end = equals;
        while (end > 0 && Character.isWhitespace(config.charAt(end - 1))) {
            end--;
        }
        for (String option : OPTIONS) {
            if (config.regionMatches(true, end - option.length(), option, 0, option.length())) {
                return true;
            }
        }
        return false;
    }

    /** Takes the value that begins here and gives where it ends. One whose quote is never closed ends with the text. */
    private int take(int from) {
        int start = from;
        while (start < config.length() && Character.isWhitespace(config.charAt(start))) {
            start++;
        }
        char quote = start < config.length() ? config.charAt(start) : ' ';
        boolean isQuoted = quote == '"' || quote == '\'';
        start += isQuoted ? 1 : 0;
        int end = isQuoted ? closing(quote, start) : endOfWord(start);
        if (end > start) {
            found.add(config.substring(start, end));
        }
        return end;
    }

    private int closing(char quote, int from) {
        int at = from;
        while (at < config.length() && config.charAt(at) != quote) {
            at += config.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, config.length());
    }

    private int endOfWord(int from) {
        int at = from;
        while (at < config.length()
                && !Character.isWhitespace(config.charAt(at))
                && ";\"'".indexOf(config.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
