package dev.kstage.profile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.report.Failure;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The profile that counts when neither a flag nor a variable names one.
 *
 * @param name its name
 * @param file the file that it stands in
 * @param setBy the command that set it
 */
public record CurrentProfile(String name, String file, String setBy) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The current profile, or null if none is set. */
    public static @Nullable CurrentProfile read(Directories directories) {
        try {
            return MAPPER.readValue(Files.readAllBytes(place(directories)), CurrentProfile.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure("cannot read the current profile", directories, e);
        }
    }

    /** Makes this the current profile. */
    public void write(Directories directories) {
        Path place = place(directories);
        Path next = place.resolveSibling(place.getFileName() + ".next");
        try {
            Files.createDirectories(directories.state());
            Files.writeString(next, Json.document(this) + "\n");
            Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure("cannot keep the current profile", directories, e);
        }
    }

    /** Clears it if it stands in {@code file}. */
    public static void clear(Directories directories, Path file) {
        CurrentProfile current = read(directories);
        if (current != null && current.file().equals(file.toString())) {
            try {
                Files.deleteIfExists(place(directories));
            } catch (IOException e) {
                throw failure("cannot clear the current profile", directories, e);
            }
        }
    }

    private static Path place(Directories directories) {
        return directories.state().resolve("current-profile.json");
    }

    private static Failure failure(String what, Directories directories, IOException e) {
        return new Failure(
                Failure.Kind.FAILED, what, String.valueOf(e.getMessage()), "look at " + place(directories), e);
    }
}
