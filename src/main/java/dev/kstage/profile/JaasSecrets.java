package dev.kstage.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the secrets in a {@code sasl.jaas.config} in one pass. A regular expression with a repeated choice would
 * recurse, and overflow the stack after some thousand characters.
 */
final class JaasSecrets {
    private static final List<String> OPTIONS = List.of("password", "passphrase", "secret", "token", "key");

    private final String config;
    private final List<String> found = new ArrayList<>();

    private JaasSecrets(String config) {
        this.config = config;
    }

    /** Each secret as written and, if that differs, unescaped, because a message may contain either. */
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

    /**
     * Adds the value that starts here and returns the index of its end. A value without a closing quote ends with the
     * text.
     */
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
