package dev.kstage.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reading files of lines. */
final class LinesStore {
    private LinesStore() {}

    /** The whole lines of a file; none if it is not there. What stands after the last line feed is not one. */
    static List<String> lines(Path file) {
        try {
            String content = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
            int end = content.lastIndexOf('\n') + 1;
            return end == 0
                    ? List.of()
                    : Arrays.asList(content.substring(0, end - 1).split("\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The dead letters of a file of them. */
    static List<StoreUnderTest.DeadRow> deadLetters(Path file) {
        return Files.exists(file)
                ? Installation.linesOf(file).stream()
                        .map(Outcome::json)
                        .map(LinesStore::deadRow)
                        .toList()
                : List.of();
    }

    private static StoreUnderTest.DeadRow deadRow(JsonNode line) {
        return new StoreUnderTest.DeadRow(
                line.get("partition").asInt(),
                line.get("offset").asLong(),
                line.get("reason").asText());
    }
}
