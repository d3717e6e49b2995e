package dev.kstage.profile.choice;

import dev.kstage.profile.FileStatus;
import dev.kstage.profile.SmallFile;
import dev.kstage.profile.format.ProfileFile;
import dev.kstage.profile.format.ProfileFormat;
import dev.kstage.profile.format.UntrustedProfileRules;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A {@code kstage.yaml} that was found where a command runs, and not named. Whoever owns it, somebody else may have
 * written it: it counts only after the user has allowed what it holds, and even then names no secrets, files, code or
 * commands.
 *
 * @param path absolute, without links in its directory
 * @param state whether it counts
 * @param why it does not, in words that fit after its name; empty if it does
 * @param file what it holds; null if it can't be used at all
 * @param sha256 of what it holds; empty if it could not be read
 */
record DiscoveredFile(
        Path path, State state, String why, @Nullable ProfileFile file, String sha256) {
    /** The one name that is looked for. */
    static final String NAME = "kstage.yaml";

    /** Whether a file counts. */
    enum State {
        /** The user has allowed just this. */
        TRUSTED,
        /** The user has never allowed it. */
        UNKNOWN,
        /** The user has allowed what stood there, and that is another one now. */
        CHANGED,
        /** It can't be allowed. */
        UNSUITABLE
    }

    /**
     * The file in a directory, or null if there is none.
     *
     * @param directory where a command runs
     */
    static @Nullable DiscoveredFile in(Path directory, TrustedFiles trusted) {
        Path path = directory.resolve(NAME);
        try {
            path = directory.toRealPath().resolve(NAME);
            return of(SmallFile.read(path, LinkOption.NOFOLLOW_LINKS), trusted);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return unusable(path, FileFault.reason(e), "", trusted);
        }
    }

    private static DiscoveredFile of(SmallFile content, TrustedFiles trusted) throws IOException {
        Path path = content.path();
        String fault = fault(content.status(), FileStatus.of(path.resolveSibling(".")));
        if (fault != null) {
            return unusable(path, fault, content.sha256(), trusted);
        }
        ProfileFile file;
        try {
            file = ProfileFormat.of(content);
        } catch (Failure broken) {
            return unusable(path, broken.why(), content.sha256(), trusted);
        }
        String key = UntrustedProfileRules.firstThatIsNot(file);
        if (key != null) {
            return unusable(
                    path,
                    key + "; a file that kstage finds by itself must not contain secrets, files, code or commands",
                    content.sha256(),
                    trusted);
        }
        TrustedFile allowed = trusted.at(path);
        if (allowed == null) {
            return new DiscoveredFile(
                    path, State.UNKNOWN, "kstage found it, and you have not allowed it yet", file, content.sha256());
        }
        return allowed.sha256().equals(content.sha256())
                ? new DiscoveredFile(path, State.TRUSTED, "", file, content.sha256())
                : new DiscoveredFile(
                        path, State.CHANGED, "it has changed since you allowed it", file, content.sha256());
    }

    private static DiscoveredFile unusable(Path path, String why, String sha256, TrustedFiles trusted) {
        return new DiscoveredFile(path, trusted.at(path) == null ? State.UNSUITABLE : State.CHANGED, why, null, sha256);
    }

    /** Whether nobody can say that it holds no profile of this name. */
    boolean mayHave(String name) {
        return file == null || file.profiles().containsKey(name);
    }

    /** Whether nobody can say that it holds no default. */
    boolean mayHaveDefault() {
        return file == null || file.defaultName() != null;
    }

    /**
     * What makes it count.
     *
     * @param shown its path in the words of the user
     */
    String remedy(String shown) {
        return file == null
                ? "correct that; or, if the file is yours, name it: --profile-file " + shown
                : "read it, then allow it with `kstage profile trust " + shown + "`";
    }

    /** Why a file may be somebody else's work, or null. */
    static @Nullable String fault(ProfileFile file) throws IOException {
        return fault(file.status(), FileStatus.of(file.path().toAbsolutePath().resolveSibling(".")));
    }

    /** The same holds for every default. */
    static @Nullable String fault(FileStatus file, FileStatus directory) {
        if (!file.isOwn()) {
            return "it belongs to another user";
        }
        if (!directory.isOwn()) {
            return "its directory belongs to another user";
        }
        boolean isReplaceable = directory.isWritableByOthers() && !directory.isSticky();
        return file.isWritableByOthers() || isReplaceable
                ? "its group or other users can write to it or to its directory (chmod go-w both)"
                : null;
    }
}
