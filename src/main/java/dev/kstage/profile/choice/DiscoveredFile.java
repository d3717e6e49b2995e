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
 * A {@code kstage.yaml} in the directory of a command that the user did not name. Another user may have written it,
 * whoever owns it. So it is used only after the user has allowed its content. Even then it must not contain secrets,
 * files, code or commands.
 *
 * @param path absolute, with links in its directory resolved
 * @param state whether it is used
 * @param why the reason why not, to follow its name; empty if it is used
 * @param file its content; null if it can't be used at all
 * @param sha256 of its content; empty if it could not be read
 */
record DiscoveredFile(
        Path path, State state, String why, @Nullable ProfileFile file, String sha256) {
    /** The only name that kstage searches. */
    static final String NAME = "kstage.yaml";

    /** Whether a file is used. */
    enum State {
        /** The user has allowed exactly this content. */
        TRUSTED,
        /** The user has never allowed the file. */
        UNKNOWN,
        /** The user has allowed other content. */
        CHANGED,
        /** The file can't be allowed. */
        UNSUITABLE
    }

    /**
     * The file in a directory, or null if there is none.
     *
     * @param directory the directory of the command
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
                    key + "; a file that you did not name must not contain secrets, files, code or commands",
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

    /** Whether the file contains a profile of this name, or can't be parsed. */
    boolean mayHave(String name) {
        return file == null || file.profiles().containsKey(name);
    }

    /** Whether the file has a default profile, or can't be parsed. */
    boolean mayHaveDefault() {
        return file == null || file.defaultName() != null;
    }

    /**
     * How the user can allow the file.
     *
     * @param shown its path, as messages show it
     */
    String remedy(String shown) {
        return file == null
                ? "correct that; or, if the file is yours, name it: --profile-file " + shown
                : "read it, then allow it with `kstage profile trust " + shown + "`";
    }

    /** Why another user may have written the file, or null. */
    static @Nullable String fault(ProfileFile file) throws IOException {
        return fault(file.status(), FileStatus.of(file.path().toAbsolutePath().resolveSibling(".")));
    }

    /** The reason, by owner and permissions; the same rule holds for every default. */
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
