package dev.kstage.cli.topic;

import picocli.CommandLine.Command;

/** {@code topic}: lists, describes, creates and deletes topics. */
@Command(
        name = "topic",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TopicDescribeCommand.class,
            TopicListCommand.class,
            TopicCreateCommand.class,
            TopicDeleteCommand.class
        },
        description = "Topics: list, describe, create and delete them.",
        footer = {"", "Example:", "  kstage topic describe user_events"})
public final class TopicCommand {}
