package dev.kstage.cli.deadletter;

import picocli.CommandLine.Command;

/** {@code dead-letter}: lists, shows and replays records that could not be stored. */
@Command(
        name = "dead-letter",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLetterListCommand.class, DeadLetterShowCommand.class, DeadLetterReplayCommand.class},
        description = "Records that could not be stored: list, show and replay them.",
        footer = {"", "Example:", "  kstage dead-letter list out/"})
public final class DeadLetterCommand {}
