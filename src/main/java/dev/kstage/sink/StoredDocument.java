package dev.kstage.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.report.Failure;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A small JSON document under {@code _kstage}: written once, never changed. */
interface StoredDocument {
    /** The version of the layout that this code writes and reads. */
    int FORMAT = 1;

    JsonMapper MAPPER = new JsonMapper();

    int format();

    /** Whether nothing is missing in it; Jackson leaves what a document lacks null or 0. */
    boolean complete();

    /** Its bytes on disk. */
    default byte[] bytes() {
        return (Json.document(this) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads one, or gives null if there is none.
     *
     * @throws Failure if it is not one, or of a later format
     */
    static <T extends StoredDocument> @Nullable T read(Path file, Class<T> type) {
        try {
            T document = MAPPER.readValue(Files.readAllBytes(file), type);
            if (document != null && document.format() > FORMAT) {
                throw unreadable(
                        file, "its format is " + document.format() + ", and this kstage knows " + FORMAT, null);
            }
            if (document == null || !document.complete()) {
                throw unreadable(file, "it is not what kstage wrote there", null);
            }
            return document;
        } catch (NoSuchFileException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw unreadable(file, "it is not what kstage wrote there", e);
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** The failure for a document that can't be used. */
    static Failure unreadable(Path file, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot use " + file,
                why,
                "bring that file back, or store in another directory to start again from the topic",
                cause);
    }
}
