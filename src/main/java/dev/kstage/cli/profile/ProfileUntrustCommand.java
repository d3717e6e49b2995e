package dev.kstage.cli.profile;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.profile.choice.TrustedFile;
import dev.kstage.profile.choice.TrustedFiles;
import dev.kstage.report.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code profile untrust}: revokes the permission for a project file. */
@Command(
        name = "untrust",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Revokes `profile trust` for a file. The file itself does not change, and may be deleted already."
                    + " `profile list` shows the trusted files.",
            ""
        },
        footer = {"", "Example:", "  kstage profile untrust ./kstage.yaml"})
final class ProfileUntrustCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Untrusted(String file) {}

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "kstage.yaml",
            description = "The kstage.yaml of a project (default: ./kstage.yaml).")
    Path file = Path.of("kstage.yaml");

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    ProfileUntrustCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        TrustedFile trusted = new TrustedFiles(context.directories())
                .untrust(context.workingDirectory().resolve(file));
        Untrusted untrusted = new Untrusted(trusted.file());
        output.report(context, untrusted, () -> List.of(Text.harmless("not trusted any more: " + trusted.file())));
        return ExitCode.DONE;
    }
}
