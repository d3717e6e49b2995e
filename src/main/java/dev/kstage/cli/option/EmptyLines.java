package dev.kstage.cli.option;

import java.util.Locale;

/** What to do with empty lines of an input. */
public enum EmptyLines {
    SKIP,
    KEEP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
