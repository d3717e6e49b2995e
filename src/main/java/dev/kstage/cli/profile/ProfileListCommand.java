package dev.kstage.cli.profile;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.profile.choice.Connection;
import dev.kstage.profile.choice.Connections;
import dev.kstage.profile.choice.TrustedFile;
import dev.kstage.profile.choice.TrustedFiles;
import dev.kstage.profile.format.ProfileEntry;
import dev.kstage.report.Failure;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code profile list}: lists all profiles and the one in use. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists all profiles, the profile in use and why, and the trusted project files.", ""},
        footer = {"", "Example:", "  kstage profile list -o json"})
final class ProfileListCommand implements Callable<Integer> {
    /** A profile in the list; its components are the JSON keys. */
    record Listed(String profile, String bootstrapServers, String file, boolean inUse) {}

    /** The report; its components are the JSON keys. */
    record Listing(List<Listed> profiles, @Nullable String inUse, String why, List<Trusted> trustedFiles) {}

    /** A trusted project file; its components are the JSON keys; {@code state} is trusted, changed or gone. */
    record Trusted(String file, String sha256, String state) {
        static Trusted of(TrustedFile trusted, TrustedFile.Now now) {
            return new Trusted(trusted.file(), trusted.sha256(), now.name().toLowerCase(Locale.ROOT));
        }

        String line() {
            String words =
                    switch (state) {
                        case "trusted" -> "trusted until it changes: ";
                        case "changed" -> "changed since it was trusted, so not used: ";
                        default -> "trusted, but deleted: ";
                    };
            return Text.harmless(words + file);
        }
    }

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    ProfileListCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        Listing listing = listing();
        output.report(context, listing, () -> lines(listing));
        return ExitCode.DONE;
    }

    private Listing listing() {
        Connection chosen = null;
        String why;
        Connections connections = ConnectionOptions.connections(context);
        try {
            chosen = connection.choose(context, connections);
            why = chosen.why();
        } catch (Failure none) {
            why = none.what() + ": " + none.why();
        }
        List<Listed> listed = new ArrayList<>();
        for (ProfileEntry each : connections.profiles()) {
            boolean inUse = chosen != null
                    && chosen.profile().name().equals(each.name())
                    && listed.stream().noneMatch(before -> before.profile().equals(each.name()));
            listed.add(new Listed(each.name(), each.bootstrapServers(), each.location(), inUse));
        }
        List<Trusted> trusted = new ArrayList<>();
        new TrustedFiles(context.directories()).all().forEach((file, now) -> trusted.add(Trusted.of(file, now)));
        return new Listing(listed, chosen == null ? null : chosen.profile().name(), why, trusted);
    }

    private static List<String> lines(Listing listing) {
        Table table = new Table("", "profile", "bootstrap servers", "from");
        listing.profiles()
                .forEach(each ->
                        table.row(each.inUse() ? "*" : "", each.profile(), each.bootstrapServers(), each.file()));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        listing.trustedFiles().stream().map(Trusted::line).forEach(lines::add);
        lines.add(Text.harmless(
                listing.inUse() == null
                        ? "none in use; " + listing.why()
                        : "in use: " + listing.inUse() + " (" + listing.why() + ")"));
        return lines;
    }
}
