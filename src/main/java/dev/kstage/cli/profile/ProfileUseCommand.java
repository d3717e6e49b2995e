package dev.kstage.cli.profile;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.profile.choice.ConnectionChoice;
import dev.kstage.profile.choice.Connections;
import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.profile.format.ProfileEntry;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code profile use}: sets the current profile. */
@Command(
        name = "use",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sets the current profile, which is used if no option and no variable names another one. A profile of a"
                    + " project's kstage.yaml works only while `profile trust` allows that file.",
            ""
        },
        footer = {"", "Example:", "  kstage profile use staging"})
final class ProfileUseCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Used(String profile, String bootstrapServers, String file) {}

    @Parameters(paramLabel = "NAME")
    String name = "";

    @Option(names = "--profile-file", paramLabel = "FILE", description = "File with the profile.")
    @Nullable
    Path profileFile;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    ProfileUseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        // Chosen first, so that an unusable profile is rejected before anything changes.
        Connections connections = ConnectionOptions.connections(context);
        var chosen = connections.choose(new ConnectionChoice(null, name, profileFile, Map.of()));
        context.screen().hide(chosen.profile().secrets());
        Path file = profileFile != null ? profileFile : fileOf(name, connections);
        new CurrentProfile(name, file.toAbsolutePath().toString(), "profile use").use(context.directories());
        Used used = new Used(name, chosen.profile().bootstrapServers(), file.toString());
        output.report(
                context,
                used,
                () -> List.of(Text.harmless(
                        "current profile: " + name + " at " + used.bootstrapServers() + " (" + file + ")")));
        return ExitCode.DONE;
    }

    private static Path fileOf(String profile, Connections connections) {
        ProfileEntry kept = connections.profiles().stream()
                .filter(each -> each.name().equalsIgnoreCase(profile))
                .findFirst()
                .orElseThrow();
        if (kept.file() == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot make \"" + profile + "\" the current profile",
                    "it is in the environment variable " + kept.location() + ", which another shell may not have",
                    "name it with -p " + profile + " or with KSTAGE_PROFILE=" + profile);
        }
        return kept.file();
    }
}
