package dev.kstage.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Replaces every secret it was told of in whatever text is about to be shown. */
public final class Redactor {
    /** What is shown in place of a secret. */
    public static final String MASK = "********";

    // Longest first: a secret that contains another one must be masked whole.
    private final Set<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** Hides these texts from now on; empty ones are ignored. */
    public void hide(Collection<String> texts) {
        texts.stream().filter(text -> !text.isBlank()).forEach(secrets::add);
    }

    /** The text with every secret masked. */
    public String redact(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, MASK);
        }
        return shown;
    }
}
