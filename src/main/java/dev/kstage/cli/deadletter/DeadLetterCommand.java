package dev.kstage.cli.deadletter;

import picocli.CommandLine.Command;

/** Records that could not be stored: look at them, send them again. */
@Command(
        name = "dead-letter",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLetterListCommand.class, DeadLetterShowCommand.class, DeadLetterReplayCommand.class},
        description = "Records that could not be stored: list, show and replay them.",
        footer = {"", "Example:", "  kstage dead-letter list out/"})
public final class DeadLetterCommand {}
