package dev.kstage.cli.option;

import dev.kstage.source.KeyField;
import java.util.Locale;

/** What to do with a record without the key field, by option value. */
public enum KeyIfMissing {
    FAIL(KeyField.IfMissing.FAIL),
    NULL(KeyField.IfMissing.NULL),
    DEAD_LETTER(KeyField.IfMissing.DEAD_LETTER);

    private final KeyField.IfMissing rule;

    KeyIfMissing(KeyField.IfMissing rule) {
        this.rule = rule;
    }

    public KeyField.IfMissing rule() {
        return rule;
    }

    /** The option value of a rule. */
    public static String nameOf(KeyField.IfMissing rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return nameOf(rule);
    }
}
