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

/** {@code ./kstage.yaml}: what of it counts, and what the user is told where it would have counted. */
final class ProjectFile {
    /** As messages show it. */
    static final String SHOWN = "./" + DiscoveredFile.NAME;

    private final @Nullable DiscoveredFile found;
    private final Consumer<String> warnings;

    private ProjectFile(@Nullable DiscoveredFile found, Consumer<String> warnings) {
        this.found = found;
        this.warnings = warnings;
    }

    /** The one in a directory, as it is now; it need not be there. */
    static ProjectFile in(Path workingDirectory, XdgDirectories directories, Consumer<String> warnings) {
        // Where the user's own file stands, it is found because it is the user's.
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
     * The file if its default counts, else null.
     *
     * @throws Failure if it did count, and does not any more: to go on would quietly mean another cluster
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

    /** The profile of this name if it counts, else null. */
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

    /** Tells that a name which stands there as well means another one. */
    void tellShadowed(String name, String place) {
        if (found != null && found.file() != null && found.file().profiles().containsKey(name)) {
            warnings.accept("profile \"" + name + "\" of " + SHOWN + " is not used: " + place + " has a profile"
                    + " of that name too");
        }
    }

    /** Its profiles, if they count. */
    List<ProfileEntry> profiles() {
        return found == null || found.file() == null || found.state() != State.TRUSTED
                ? List.of()
                : found.file().kept(SHOWN);
    }
}
