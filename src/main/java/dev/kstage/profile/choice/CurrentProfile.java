package dev.kstage.profile.choice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.profile.StateFile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The profile that is used if no option and no variable names one.
 *
 * @param name its name
 * @param file the file that contains it
 * @param setBy the command that set it
 */
public record CurrentProfile(String name, String file, String setBy) {
    private static final JsonMapper MAPPER = new JsonMapper();

    public CurrentProfile {
        Objects.requireNonNull(name);
        Objects.requireNonNull(file);
        Objects.requireNonNull(setBy);
    }

    /**
     * Makes this the current profile.
     *
     * @throws Failure if it is in a project file that the user has not allowed; naming a file once does not allow it
     *     permanently
     */
    public void use(XdgDirectories directories) {
        new DefaultProfile(directories).of(this);
        write(directories);
    }

    /** The current profile, or null if none is set. */
    public static @Nullable CurrentProfile read(XdgDirectories directories) {
        try {
            return MAPPER.readValue(file(directories).read(), CurrentProfile.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure("cannot read the current profile", directories, e);
        }
    }

    /** Makes this the current profile. */
    public void write(XdgDirectories directories) {
        try {
            file(directories).write(Json.document(this) + "\n");
        } catch (IOException e) {
            throw failure("cannot store the current profile", directories, e);
        }
    }

    /** Clears the current profile if it is in {@code file}. */
    public static void clear(XdgDirectories directories, Path file) {
        CurrentProfile current = read(directories);
        if (current != null && current.file().equals(file.toString())) {
            try {
                Files.deleteIfExists(file(directories).location());
            } catch (IOException e) {
                throw failure("cannot clear the current profile", directories, e);
            }
        }
    }

    private static StateFile file(XdgDirectories directories) {
        return new StateFile(directories.state().resolve("current-profile.json"));
    }

    private static Failure failure(String what, XdgDirectories directories, IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                what,
                e instanceof JsonProcessingException ? "its content is not what kstage writes" : FileFault.reason(e),
                "check " + file(directories).location(),
                e);
    }
}
