package dev.kstage.cli.env;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The name of the environment; all commands of {@code kstage env} have this option. */
final class EnvironmentOption {
    private static final String LOCAL = "local";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the environment and its profile (default: local; of status: all).")
    @Nullable
    String name;

    /** The given name, or {@code local}. */
    String orLocal() {
        return name == null ? LOCAL : name;
    }
}
