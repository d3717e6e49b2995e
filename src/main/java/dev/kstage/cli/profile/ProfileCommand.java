package dev.kstage.cli.profile;

import picocli.CommandLine.Command;

/** Connection profiles: which there are, which one counts, and what it says. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ProfileListCommand.class,
            ProfileShowCommand.class,
            ProfileUseCommand.class,
            ProfileTrustCommand.class,
            ProfileUntrustCommand.class
        },
        description = {
            "Connection profiles: which there are, which one counts, and what it says.",
            "",
            "What counts, first to last: -b, -p and --profile-file; KSTAGE_BOOTSTRAP_SERVER, KSTAGE_PROFILE and"
                    + " KSTAGE_PROFILE_FILE; the current profile (`env up`, `profile use`); the default of"
                    + " ./kstage.yaml, once `profile trust` has allowed it; the default of kstage.yaml in the user's"
                    + " configuration directory. -X wins over single properties.",
            "",
            "A name is looked up in the user's files, then as a connection of Airflow (AIRFLOW_CONN_NAME), then in"
                    + " kcat.conf ($KCAT_CONFIG, ~/.config) and rpk.yaml (~/.config/rpk), then in ./kstage.yaml if it"
                    + " is trusted. Names of librdkafka's are translated; `profile show` tells how.",
            "",
            "A file that others can write is never a default."
        },
        footer = {"", "Example:", "  kstage profile list"})
public final class ProfileCommand {}
