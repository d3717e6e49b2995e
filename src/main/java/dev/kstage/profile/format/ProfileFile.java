package dev.kstage.profile.format;

import dev.kstage.profile.FileStatus;
import dev.kstage.profile.RejectedFile;
import dev.kstage.profile.SmallFile;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of profiles, in kstage's own format or in that of another tool.
 *
 * @param path its path
 * @param status its owner and permissions
 * @param defaultName the default profile, or null
 * @param profiles the profiles as written
 */
public record ProfileFile(
        Path path, FileStatus status, @Nullable String defaultName, Map<String, RawProfile> profiles) {
    // More than Kafka clients have; each unknown property is compared with all known ones.
    private static final int MOST_PROPERTIES = 1_000;

    public ProfileFile {
        profiles.forEach((name, written) -> {
            if (written.properties().size() > MOST_PROPERTIES) {
                throw broken(
                        path,
                        "profile \"" + name + "\" has more than " + MOST_PROPERTIES + " properties",
                        "remove properties that Kafka clients do not have");
            }
        });
    }

    /**
     * Reads a file that the user named, or one of the user's own.
     *
     * @throws Failure if it can't be read or has an unknown format; the message has the line of a syntax error
     */
    public static ProfileFile read(Path path) {
        SmallFile content = content(path);
        ProfileFile file = ProfileFormat.of(content);
        if (!content.status().isOwn()) {
            file.refuseHarmful("the file belongs to another user");
        } else if (content.status().isWritableByAll()) {
            file.refuseHarmful("every user can write to the file");
        }
        return file;
    }

    private static SmallFile content(Path path) {
        try {
            return SmallFile.read(path);
        } catch (NoSuchFileException e) {
            throw broken(path, "there is no such file", "check the path, or create the file");
        } catch (RejectedFile e) {
            throw broken(path, e.getReason(), e.remedy());
        } catch (IOException e) {
            throw broken(path, FileFault.reason(e), "make the file readable for your user");
        }
    }

    private void refuseHarmful(String why) {
        String key = UntrustedProfileRules.firstThatIsNot(this);
        if (key != null) {
            throw broken(
                    path,
                    key + ", and " + why,
                    "use a file that only you can write to for ${...} and for properties that name code,"
                            + " commands, files or addresses");
        }
    }

    /** The names of all usable profiles. */
    public List<String> names() {
        return profiles.entrySet().stream()
                .filter(entry -> entry.getValue().unusable() == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All usable profiles by name. */
    public List<ProfileEntry> kept(String location) {
        return names().stream()
                .map(name -> new ProfileEntry(
                        name, Objects.requireNonNull(profiles.get(name)).servers(), location, path))
                .toList();
    }

    /**
     * The default profile.
     *
     * @throws Failure if there is none, or more than one profile without a default
     */
    public String onlyName() {
        List<String> names = names();
        if (defaultName != null) {
            return defaultName;
        }
        if (names.size() == 1) {
            return names.get(0);
        }
        String unusable = profiles.entrySet().stream()
                .filter(entry -> entry.getValue().unusable() != null)
                .map(entry -> entry.getKey() + ": "
                        + Objects.requireNonNull(entry.getValue().unusable()))
                .reduce((left, right) -> left + "; " + right)
                .orElse("it has no profiles");
        throw new Failure(
                Failure.Kind.USAGE,
                path + " has no default profile",
                names.isEmpty() ? unusable : "it has no `default:`, and its profiles are " + String.join(", ", names),
                names.isEmpty()
                        ? "name a file with a profile"
                        : "name a profile with -p NAME; in kstage's own format, or add `default: NAME`");
    }

    static Failure broken(Path path, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, "cannot use the profile file " + path, why, remedy);
    }
}
