package dev.kstage.wrong.cli.option;

/** Half of a cycle. */
public final class Flags {
    static final Class<?> TERMINAL = dev.kstage.wrong.cli.terminal.Ansi.class;

    private Flags() {}
}
