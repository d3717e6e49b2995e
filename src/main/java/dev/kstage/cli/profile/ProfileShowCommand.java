package dev.kstage.cli.profile;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.profile.choice.Connection;
import dev.kstage.profile.choice.ConnectionChoice;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code profile show}: shows the properties of a profile, with secrets masked. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows the properties of a profile, with placeholders replaced and names translated for Java clients,"
                    + " and lists each change with its reason. Secrets are masked.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage profile show",
            "  kstage profile show staging",
            "  kstage profile show kafka_default --profile-file connections.json"
        })
final class ProfileShowCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Shown(String profile, String why, SortedMap<String, String> properties, List<Changed> changes) {}

    /** A changed property; {@code to} is null if it is not used. */
    record Changed(String from, @Nullable String to, String why) {
        static Changed of(PropertyChange change) {
            return new Changed(change.from(), change.to(), change.why());
        }
    }

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Default: the profile in use.")
    @Nullable
    String name;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    ProfileShowCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        Connection chosen = chosen();
        Profile profile = chosen.profile();
        Shown shown = new Shown(
                profile.name(),
                chosen.why(),
                profile.masked(),
                profile.changes().stream().map(Changed::of).toList());
        connection.settings(context, chosen);
        output.report(context, shown, () -> lines(shown));
        return ExitCode.DONE;
    }

    private Connection chosen() {
        if (name == null) {
            return connection.choose(context);
        }
        ConnectionChoice choice = connection.choice();
        Connection chosen = ConnectionOptions.connections(context)
                .choose(new ConnectionChoice(choice.bootstrapServer(), name, choice.profileFile(), choice.overrides()));
        context.screen().hide(chosen.profile().secrets());
        return chosen;
    }

    private static List<String> lines(Shown shown) {
        Table table = new Table("property", "value");
        shown.properties().forEach(table::row);
        List<String> lines = new ArrayList<>(table.lines("  "));
        if (!shown.changes().isEmpty()) {
            Table changes = new Table("written as", "became", "because");
            shown.changes()
                    .forEach(change ->
                            changes.row(change.from(), change.to() == null ? "-" : change.to(), change.why()));
            lines.add("");
            lines.addAll(changes.lines("  "));
            lines.add("");
        }
        lines.add(Text.harmless("profile " + shown.profile() + " (" + shown.why() + ")"));
        return lines;
    }
}
