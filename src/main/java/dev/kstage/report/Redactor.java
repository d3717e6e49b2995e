package dev.kstage.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** Replaces every secret it was told of, and every password within a URL, in whatever text is about to be shown. */
public final class Redactor {
    /** What is shown in place of a secret. */
    public static final String MASK = "********";

    // A shorter line of a longer secret tells nothing, and masking it would hide other text.
    private static final int LEAST_LINE = 8;

    // The password of the PostgreSQL in compose/, which everybody can read there, and a word of many texts.
    private static final String KNOWN_TO_ALL = "kstage";

    // Longest first: a secret that contains another one must be masked whole.
    // A password within a URL that nobody told of: user and password end with the last @ before the path.
    private static final Pattern USER_INFO = Pattern.compile("(://[^\\s/?#@:]*+:)[^\\s/?#]*@");

    private final Set<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /**
     * Hides these texts from now on; empty ones and {@code kstage} are ignored. One of several lines, as a private key
     * is, is also hidden line by line; each is also hidden as a terminal or JSON shows it, escaped, as a URL has it, and
     * in Base64, alone or as a part of what was encoded.
     */
    public void hide(Collection<String> texts) {
        texts.stream()
                .filter(text -> !text.isBlank() && !text.equals(KNOWN_TO_ALL))
                .forEach(text -> {
                    secrets.add(text);
                    secrets.add(Text.harmless(text));
                    secrets.add(inJson(text));
                    secrets.addAll(SecretEncodings.of(text));
                    text.lines()
                            .map(String::strip)
                            .filter(line -> line.length() >= LEAST_LINE)
                            .forEach(secrets::add);
                });
    }

    /** As it stands within a text of a JSON document. */
    private static String inJson(String text) {
        String quoted = Json.document(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** The text with every secret masked. */
    public String redact(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, MASK);
        }
        return shown.contains("://") ? USER_INFO.matcher(shown).replaceAll("$1" + MASK + "@") : shown;
    }
}
