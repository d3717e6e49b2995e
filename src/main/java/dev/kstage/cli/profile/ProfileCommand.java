package dev.kstage.cli.profile;

import picocli.CommandLine.Command;

/** {@code profile}: lists and shows connection profiles, and sets the current one. */
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
            "Connection profiles: list them, show one, choose the current one.",
            "",
            "Order of precedence: -b, -p and --profile-file; KSTAGE_BOOTSTRAP_SERVER, KSTAGE_PROFILE and"
                    + " KSTAGE_PROFILE_FILE; the current profile (`env up`, `profile use`); the default of"
                    + " ./kstage.yaml, if `profile trust` has allowed it; the default of kstage.yaml in the user's"
                    + " configuration directory. -X overrides single properties.",
            "",
            "A name is searched in the user's files, then as an Airflow connection (AIRFLOW_CONN_NAME), then in"
                    + " kcat.conf ($KCAT_CONFIG, ~/.config) and rpk.yaml (~/.config/rpk), then in ./kstage.yaml if it"
                    + " is trusted. Property names of librdkafka are translated; `profile show` shows how.",
            "",
            "A file that other users can write to is never a default."
        },
        footer = {"", "Example:", "  kstage profile list"})
public final class ProfileCommand {}
