package dev.kstage.profile.choice;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.format.ProfileFile;
import dev.kstage.profile.format.RawProfile;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The profile that is used if no option and no variable names one: the current profile, the default of the project
 * file, or the default of the user's file. A file that another user may have written is never used.
 */
final class DefaultProfile {
    /**
     * A chosen profile.
     *
     * @param file the file that contains it
     * @param why what chose it, to follow "because of"
     */
    record Chosen(String name, ProfileFile file, RawProfile written, String why) {}

    private final XdgDirectories directories;

    DefaultProfile(XdgDirectories directories) {
        this.directories = directories;
    }

    /**
     * The first of these profiles, or null.
     *
     * @param project reads the project file; called only if there is no current profile
     * @throws Failure if that profile can't be used; the next one could silently mean another cluster
     */
    @Nullable
    Chosen first(Supplier<ProjectFile> project) {
        CurrentProfile current = CurrentProfile.read(directories);
        if (current != null) {
            return of(current);
        }
        ProfileFile file = project.get().withDefault();
        return file != null ? ofDefault(file, ProjectFile.SHOWN) : ofUser(directories.profileFile());
    }

    private @Nullable Chosen ofUser(Path path) {
        ProfileFile file = readIfThere(path);
        if (file == null || file.defaultName() == null) {
            return null;
        }
        refuseOfOthers(file, "cannot use the default profile of " + path);
        return ofDefault(file, path.toString());
    }

    private static Chosen ofDefault(ProfileFile file, String shown) {
        String name = Objects.requireNonNull(file.defaultName());
        return new Chosen(name, file, Objects.requireNonNull(file.profiles().get(name)), "the default of " + shown);
    }

    /**
     * The profile that {@code current} names.
     *
     * @throws Failure if it can't be used
     */
    Chosen of(CurrentProfile current) {
        String what = "cannot use the current profile \"" + current.name() + "\"";
        Path path = Path.of(current.file());
        ProfileFile file = isOfProject(path) ? allowed(path, what) : readIfThere(path);
        RawProfile written = file == null ? null : file.profiles().get(current.name());
        if (file == null || written == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the current profile \"" + current.name() + "\" does not exist any more",
                    current.file() + (file == null ? " was deleted" : " does not contain it any more"),
                    "choose another profile with `kstage profile use NAME`, or name the cluster with -b or -p");
        }
        refuseOfOthers(file, what);
        return new Chosen(
                current.name(), file, written, "the current profile, set by `kstage " + current.setBy() + "`");
    }

    private boolean isOfProject(Path path) {
        return path.endsWith(DiscoveredFile.NAME) && !path.equals(directories.profileFile());
    }

    private @Nullable ProfileFile allowed(Path path, String what) {
        DiscoveredFile found =
                DiscoveredFile.in(path.toAbsolutePath().resolveSibling("."), new TrustedFiles(directories));
        if (found != null && found.state() != DiscoveredFile.State.TRUSTED) {
            throw new Failure(Failure.Kind.USAGE, what, path + ": " + found.why(), found.remedy(path.toString()));
        }
        return found == null ? null : found.file();
    }

    private static void refuseOfOthers(ProfileFile file, String what) {
        try {
            String fault = DiscoveredFile.fault(file);
            if (fault != null) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        what,
                        file.path() + ": " + fault,
                        "change that, or name the file explicitly: --profile-file " + file.path());
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.USAGE, what, FileFault.of(e), "make its directory readable for your user", e);
        }
    }

    private static @Nullable ProfileFile readIfThere(Path file) {
        return Files.exists(file) ? ProfileFile.read(file) : null;
    }
}
