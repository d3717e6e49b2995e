package dev.kstage.cli.env;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which environment a command is about; all commands of {@code kstage env} have it. */
final class EnvironmentOption {
    private static final String LOCAL = "local";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the environment and its profile (default: local; of status: all).")
    @Nullable
    String name;

    /** The name that was given, or {@code local}. */
    String orLocal() {
        return name == null ? LOCAL : name;
    }
}
