package dev.kstage.wrong.cli.terminal;

/** Knows the options, which are above it. */
public final class Ansi {
    static final Class<?> OPTIONS = dev.kstage.wrong.cli.option.Flags.class;

    private Ansi() {}
}
