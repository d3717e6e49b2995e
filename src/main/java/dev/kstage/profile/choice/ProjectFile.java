package dev.kstage.profile.choice;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.choice.DiscoveredFile.State;
import dev.kstage.profile.format.ProfileEntry;
import dev.kstage.profile.format.ProfileFile;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The project file {@code ./kstage.yaml}: whether it is used, and warnings if it is not. */
final class ProjectFile {
    /** The name of the file in messages. */
    static final String SHOWN = "./" + DiscoveredFile.NAME;

    private final @Nullable DiscoveredFile found;
    private final Consumer<String> warnings;

    private ProjectFile(@Nullable DiscoveredFile found, Consumer<String> warnings) {
        this.found = found;
        this.warnings = warnings;
    }

    /** Reads the file of a directory; it may not exist. */
    static ProjectFile in(Path workingDirectory, XdgDirectories directories, Consumer<String> warnings) {
        // In the directory of the user's own file, the file is the user's own.
        DiscoveredFile found = isSame(workingDirectory, directories.config())
                ? null
                : DiscoveredFile.in(workingDirectory, new TrustedFiles(directories));
        return new ProjectFile(found, warnings);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The file if its default is used, else null.
     *
     * @throws Failure if it was trusted but is not any more; the next default could silently mean another cluster
     */
    @Nullable
    ProfileFile withDefault() {
        if (found == null || !found.mayHaveDefault()) {
            return null;
        }
        if (found.state() == State.CHANGED) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use the default profile of " + SHOWN,
                    found.why(),
                    found.remedy(SHOWN) + ", or name the cluster with -b or -p");
        }
        return counting(found);
    }

    /** The profile of this name if the file is used, else null. */
    ProfileLocator.@Nullable Found named(String name) {
        if (found == null || !found.mayHave(name)) {
            return null;
        }
        ProfileFile file = counting(found);
        return file == null
                ? null
                : new ProfileLocator.Found(
                        SHOWN, file, Objects.requireNonNull(file.profiles().get(name)));
    }

    private @Nullable ProfileFile counting(DiscoveredFile found) {
        if (found.state() == State.TRUSTED) {
            return found.file();
        }
        warnings.accept(SHOWN + " is not used: " + found.why() + "; " + found.remedy(SHOWN));
        return null;
    }

    /** Warns that a profile of this name in the project file is not used. */
    void warnOfShadowed(String name, String location) {
        if (found != null && found.file() != null && found.file().profiles().containsKey(name)) {
            warnings.accept("profile \"" + name + "\" of " + SHOWN + " is not used: " + location + " has a profile"
                    + " of that name too");
        }
    }

    /** The profiles of the file, if it is used. */
    List<ProfileEntry> profiles() {
        return found == null || found.file() == null || found.state() != State.TRUSTED
                ? List.of()
                : found.file().kept(SHOWN);
    }
}
