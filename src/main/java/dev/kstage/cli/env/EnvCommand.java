package dev.kstage.cli.env;

import picocli.CommandLine.Command;

/** {@code env}: a local Kafka, in processes or containers. */
@Command(
        name = "env",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EnvUpCommand.class, EnvStatusCommand.class, EnvLogsCommand.class, EnvDownCommand.class},
        description = "A local Kafka, without Docker or in containers: start it, inspect it, stop it.",
        footer = {
            "",
            "Examples:",
            "  kstage env up && kstage produce && kstage consume --to out.jsonl",
            "  kstage env up --engine compose --name stack --with ui",
            "  kstage env down"
        })
public final class EnvCommand {}
