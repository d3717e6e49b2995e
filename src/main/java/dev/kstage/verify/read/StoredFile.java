package dev.kstage.verify.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads the lines of a file, up to the committed length in {@code FILE.position}; all of them if there is no position
 * file.
 */
public final class StoredFile implements StoredRows {
    private final Path file;
    private final Path positionFile;
    private final JsonNode position;

    /**
     * Reads the committed length of the file.
     *
     * @throws Failure if it can't be read
     */
    public StoredFile(Path file) {
        this.file = file;
        this.positionFile = file.resolveSibling(file.getFileName() + ".position");
        this.position = StoredJson.read(positionFile);
        if (position.isObject() && !StoredJson.isOffset(position.path("length"))) {
            throw StoredJson.damaged(positionFile, "it has no length");
        }
    }

    @Override
    public Reached reached() {
        return new Reached(
                StoredJson.origin(position.path("topic")),
                StoredJson.positions(position.path("positions"), positionFile),
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
     * Passes each line to {@code use}, without its line feed. If the committed length is within a line, the file was
     * replaced; then all lines are passed.
     *
     * @throws Failure if the file can't be read
     */
    @Override
    public void forEach(Consumer<StoredRow> use, Consumer<String> faults) {
        long committed = committed();
        long size = size();
        boolean isWithinALine = committed < size && !LineReader.isStartOfLine(file, committed);
        if (isWithinALine) {
            faults.accept(file.getFileName() + ": " + count(committed)
                    + " are committed, and that is within a line; the file has changed since it was committed");
        }
        boolean isTooShort = position.path("length").isIntegralNumber() && committed > size;
        long[] number = {0};
        boolean[] isTorn = {false};
        LineReader.forEach(file, isWithinALine ? Long.MAX_VALUE : committed, (line, hasEnd) -> {
            isTorn[0] = !hasEnd;
            use.accept(new StoredRow(Record.UNSET, "line", ++number[0], Bytes.of(line)));
        });
        if (isTorn[0] || isTooShort) {
            faults.accept(file.getFileName()
                    + (isTorn[0] ? " ends within a line" : " is too short")
                    + (isTooShort ? ": it has " + count(size) + " of " + Text.count(committed) : ""));
        }
    }

    private static String count(long bytes) {
        return Text.plural(bytes, "byte");
    }
}
