package dev.kstage.sink.disk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Json;
import dev.kstage.report.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A small JSON document with the metadata of a destination: a file under {@code _kstage}, or the position file of a
 * file.
 */
public interface StoredDocument {
    /** The version of the format that this code writes and reads. */
    int FORMAT = 1;

    /** Maximum size in bytes. The largest document is a position file, with all partitions of a topic. */
    int MOST_BYTES = 4 << 20;

    /** Strict, because another user may have written the document. */
    JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** The remedy if a document of a directory can't be used. */
    String REMEDY = "restore that file; or store in another directory, which reads the topic from its start";

    int format();

    /** Whether all fields are set; Jackson sets missing fields to null or 0. */
    boolean complete();

    /** The content of the document on disk. */
    default byte[] bytes() {
        return (Json.document(this) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a document; null if the file does not exist.
     *
     * @throws Failure if it is not such a document, or has a later format
     */
    static <T extends StoredDocument> @Nullable T read(Path file, Class<T> type) {
        return read(file, type, REMEDY);
    }

    /**
     * Reads a document; null if the file does not exist.
     *
     * @param remedy what to do if it can't be used
     */
    static <T extends StoredDocument> @Nullable T read(Path file, Class<T> type, String remedy) {
        try {
            T document = MAPPER.readValue(RegularFile.read(file, MOST_BYTES), type);
            if (document != null && document.format() > FORMAT) {
                throw unreadable(
                        file,
                        "its format is " + document.format() + ", and this release of kstage supports " + FORMAT,
                        remedy,
                        null);
            }
            if (document == null || !document.complete()) {
                throw unreadable(file, "its content is not what kstage writes", remedy, null);
            }
            return document;
        } catch (NoSuchFileException e) {
            return null;
        } catch (JsonProcessingException e) {
            throw unreadable(file, "its content is not what kstage writes", remedy, e);
        } catch (IOException e) {
            throw unreadable(file, FileFault.reason(e), remedy, e);
        }
    }

    /** Whether a text can be a name or an id: short, and without characters that no name has. */
    static boolean isName(@Nullable String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= 1_000
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Whether a text can be a path, or is null. */
    static boolean isPath(@Nullable String text) {
        try {
            return text == null || !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The failure for a document that can't be used. */
    static Failure unreadable(Path file, String why) {
        return unreadable(file, why, REMEDY, null);
    }

    private static Failure unreadable(Path file, String why, String remedy, @Nullable Exception cause) {
        return new Failure(Failure.Kind.FAILED, "cannot use " + file, why, remedy, cause);
    }
}
