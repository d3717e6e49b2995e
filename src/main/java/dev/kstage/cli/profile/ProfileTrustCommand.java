package dev.kstage.cli.profile;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.profile.choice.TrustedFiles;
import dev.kstage.profile.choice.TrustedProject;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code profile trust}: allows kstage to use a project file. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Allows kstage to use a project's kstage.yaml in its directory without --profile-file. A change"
                    + " of the file ends the permission.",
            "",
            "The file of a cloned repository may come from another author. So kstage does not use it before, and even"
                    + " then it must not contain placeholders, files, code or commands. For those, name the file"
                    + " with --profile-file or KSTAGE_PROFILE_FILE.",
            ""
        },
        footer = {"", "Example:", "  kstage profile trust ./kstage.yaml"})
final class ProfileTrustCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Trusted(String file, String sha256, @Nullable String defaultProfile, List<Profile> profiles) {}

    /** A profile of the file. */
    record Profile(String profile, String bootstrapServers) {}

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "kstage.yaml",
            description = "The kstage.yaml of a project (default: ./kstage.yaml).")
    Path file = Path.of("kstage.yaml");

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    ProfileTrustCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        TrustedProject project = new TrustedFiles(context.directories())
                .trust(context.workingDirectory().resolve(file));
        Trusted trusted = new Trusted(
                project.file().toString(),
                project.sha256(),
                project.defaultName(),
                project.profiles().stream()
                        .map(each -> new Profile(each.name(), each.bootstrapServers()))
                        .toList());
        output.report(context, trusted, () -> lines(trusted));
        return ExitCode.DONE;
    }

    private static List<String> lines(Trusted trusted) {
        Table table = new Table("", "profile", "bootstrap servers");
        trusted.profiles()
                .forEach(each -> table.row(
                        each.profile().equals(trusted.defaultProfile()) ? "default" : "",
                        each.profile(),
                        each.bootstrapServers()));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add(Text.harmless("trusted until it changes: " + trusted.file()));
        return lines;
    }
}
