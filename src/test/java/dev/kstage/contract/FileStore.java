package dev.kstage.contract;

import java.nio.file.Path;
import java.util.List;

/** One file of JSON lines. */
record FileStore(Path room) implements StoreUnderTest {
    @Override
    public String place() {
        return room.resolve("out.jsonl").toString();
    }

    @Override
    public List<Row> rows() {
        return LinesStore.lines(room.resolve("out.jsonl")).stream()
                .map(line -> new Row(Events.partitionOf(line), UNKNOWN, line))
                .toList();
    }

    @Override
    public List<DeadRow> deadLetters() {
        return LinesStore.deadLetters(room.resolve("out.dead-letter.jsonl"));
    }
}
