package dev.kstage.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** Masks all known secrets, and passwords in URLs, in a text before it is shown. */
public final class Redactor {
    /** The text that replaces a secret. */
    public static final String MASK = "********";

    // Masking a shorter line of a secret would protect nothing and hide other text.
    private static final int LEAST_LINE = 8;

    // The password of PostgreSQL in compose/, which is public, and a common word.
    private static final String PUBLIC = "kstage";

    // Finds passwords in URLs that are not known as secrets: user and password end with the last @ before the path.
    private static final Pattern USER_INFO = Pattern.compile("(://[^\\s/?#@:]*+:)[^\\s/?#]*@");

    // Longest first: a secret that contains another one must be masked whole.
    private final Set<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /**
     * Masks these texts from now on; empty ones and {@code kstage} are ignored. A secret of several lines, such as a
     * private key, is also masked line by line. Each secret is also masked in its escaped forms (terminal, JSON), in
     * its URL encodings, and in Base64, alone or as a part of what was encoded.
     */
    public void hide(Collection<String> texts) {
        texts.stream().filter(text -> !text.isBlank() && !text.equals(PUBLIC)).forEach(text -> {
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

    /** The text as it appears inside a JSON string. */
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
