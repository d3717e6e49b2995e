package dev.kstage.sink.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.sink.disk.StoredDocument;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code out.jsonl.position}: the committed length of the file and of its dead-letter file, and the
 * offsets at that length. The position file is replaced as a whole; the replacement is the commit.
 *
 * @param format the version of this format
 * @param sinkId a random id, created with the file
 * @param group the consumer group that shows the lag
 * @param topic the topic's name and id; null until they are known
 * @param deadLetterFile the dead-letter file, relative to the results; null for the default
 * @param length committed bytes of the file
 * @param deadLetterLength committed bytes of the dead-letter file
 * @param positions the position of each partition at that length
 * @param writer the process id of the last writer
 */
record FilePosition(
        int format,
        String sinkId,
        String group,
        @Nullable Origin topic,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String deadLetterFile,
        long length,
        long deadLetterLength,
        SortedMap<Integer, Position> positions,
        long writer)
        implements StoredDocument {
    private static final String REMEDY_OF_POSITION =
            "restore that file; or move the output away, which reads the topic from its start";

    static FilePosition atCreation(String sinkId, String group, @Nullable String deadLetterFile) {
        return new FilePosition(FORMAT, sinkId, group, null, deadLetterFile, 0, 0, Positions.NONE.byPartition(), pid());
    }

    FilePosition ownedBy(Origin owner) {
        return new FilePosition(
                FORMAT, sinkId, group, owner, deadLetterFile, length, deadLetterLength, positions, pid());
    }

    FilePosition movedTo(long newLength, long newDeadLetterLength, Positions to) {
        return new FilePosition(
                FORMAT, sinkId, group, topic, deadLetterFile, newLength, newDeadLetterLength, to.byPartition(), pid());
    }

    /** The position file of a file of results. */
    static Path of(Path results) {
        return results.resolveSibling(results.getFileName() + ".position");
    }

    /** Reads a position; null if the file does not exist. */
    static @Nullable FilePosition read(Path file) {
        return StoredDocument.read(file, FilePosition.class, REMEDY_OF_POSITION);
    }

    // Jackson sets missing fields to null or 0.
    @Override
    @SuppressWarnings("ConstantConditions")
    public boolean complete() {
        return format == FORMAT
                && StoredDocument.isName(sinkId)
                && StoredDocument.isName(group)
                && (topic == null || (StoredDocument.isName(topic.name()) && StoredDocument.isName(topic.id())))
                && StoredDocument.isPath(deadLetterFile)
                && length >= 0
                && deadLetterLength >= 0
                && positions != null
                && positions.entrySet().stream().allMatch(FilePosition::isPosition);
    }

    @SuppressWarnings("ConstantConditions")
    private static boolean isPosition(Map.Entry<Integer, Position> each) {
        Position position = each.getValue();
        return each.getKey() >= 0
                && each.getKey() < Integer.MAX_VALUE
                && position != null
                && position.next() >= 0
                && position.leaderEpoch() >= Position.NO_EPOCH;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
