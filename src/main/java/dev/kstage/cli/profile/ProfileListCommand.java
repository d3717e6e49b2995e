package dev.kstage.cli.profile;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Session;
import dev.kstage.profile.Connection;
import dev.kstage.profile.KeptProfile;
import dev.kstage.report.Failure;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every profile, and which one counts. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Every profile that can be found, and which one counts now and why.", ""},
        footer = {"", "Example:", "  kstage profile list -o json"})
final class ProfileListCommand implements Callable<Integer> {
    /** A profile in the list: the keys of its JSON. */
    record Listed(String profile, String bootstrapServers, String file, boolean inUse) {}

    /** The report: the keys of its JSON. */
    record Listing(List<Listed> profiles, @Nullable String inUse, String why) {}

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    ProfileListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        Listing listing = listing();
        output.report(session, listing, () -> lines(listing));
        return ExitCode.DONE;
    }

    private Listing listing() {
        Connection chosen = null;
        String why;
        try {
            chosen = connection.choose(session);
            why = chosen.why();
        } catch (Failure none) {
            why = none.what() + ": " + none.why();
        }
        List<Listed> listed = new ArrayList<>();
        for (KeptProfile each : ConnectionOptions.connections(session).profiles()) {
            boolean inUse = chosen != null
                    && chosen.profile().name().equals(each.name())
                    && listed.stream().noneMatch(before -> before.profile().equals(each.name()));
            listed.add(new Listed(each.name(), each.bootstrapServers(), each.place(), inUse));
        }
        return new Listing(listed, chosen == null ? null : chosen.profile().name(), why);
    }

    private static List<String> lines(Listing listing) {
        Table table = new Table("", "profile", "bootstrap servers", "from");
        listing.profiles()
                .forEach(each ->
                        table.row(each.inUse() ? "*" : "", each.profile(), each.bootstrapServers(), each.file()));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add(Text.harmless(
                listing.inUse() == null
                        ? "none in use; " + listing.why()
                        : "in use: " + listing.inUse() + " (" + listing.why() + ")"));
        return lines;
    }
}
