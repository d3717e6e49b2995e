package dev.kstage.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Record;
import dev.kstage.stage.StoredRow;
import dev.kstage.stage.StoredRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The lines of a stored file, up to where {@code FILE.position} says that it is committed; all of them
 * if there is no such file.
 */
public final class StoredFile implements StoredRows {
    private final Path file;
    private final JsonNode position;

    /**
     * Takes note of how far it is committed now.
     *
     * @throws Failure if that can't be read
     */
    public StoredFile(Path file) {
        this.file = file;
        this.position = StoredJson.read(file.resolveSibling(file.getFileName() + ".position"));
    }

    @Override
    public Reached reached() {
        return new Reached(
                StoredJson.origin(position.path("topic")),
                StoredJson.positions(position.path("positions")),
                Math.max(0, size() - committed()));
    }

    private long committed() {
        return position.path("length").asLong(Long.MAX_VALUE);
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw LineReader.unreadable(file, e);
        }
    }

    /**
     * Hands over each line without its line feed.
     *
     * @throws Failure if the file can't be read, or ends within a line
     */
    @Override
    public void forEach(Consumer<StoredRow> use) {
        long[] number = {0};
        LineReader.forEach(file, committed(), (line, hasEnd) -> {
            if (!hasEnd) {
                throw new Failure(
                        Failure.Kind.CHECK,
                        file + " ends within a line",
                        "its last line has no line feed",
                        "look at its end");
            }
            use.accept(new StoredRow(Record.UNSET, "line", ++number[0], Bytes.of(line)));
        });
    }
}
