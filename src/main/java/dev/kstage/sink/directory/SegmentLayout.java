package dev.kstage.sink.directory;

import dev.kstage.sink.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The paths of all files of a directory of segments.
 *
 * @param root the directory, absolute
 * @param deadLetters the directory of the dead-letter records, absolute
 * @param topic the topic's name
 */
record SegmentLayout(Path root, Path deadLetters, String topic) {
    static final String RESULTS = ".jsonl";
    static final String DEAD_LETTERS = ".dead-letter.jsonl";
    static final String RECORD = ".json";

    // A topic's name can have 249 characters, and a file name 255. Offsets and suffixes need 60.
    private static final int LONGEST_TOPIC = 190;

    /** The default directory of the dead-letter records. */
    static Path deadLettersWithin(Path root) {
        return root.resolve("dead-letter");
    }

    boolean hasDeadLettersWithin() {
        return deadLetters.equals(deadLettersWithin(root));
    }

    SegmentLayout withDeadLetters(Path directory) {
        return new SegmentLayout(root, directory, topic);
    }

    /** An offset with leading zeros, so that names sort like offsets. */
    static String number(long offset) {
        return String.format(Locale.ROOT, "%020d", offset);
    }

    Path control() {
        return root.resolve("_kstage");
    }

    Path manifest() {
        return control().resolve("manifest.json");
    }

    Path staging() {
        return control().resolve("staging");
    }

    Path staging(int partition) {
        return staging().resolve("p" + partition);
    }

    /** A staging file. Its name starts with {@code from}, which shows when its slot is taken. */
    Path staged(int partition, long from, String to, String writer, String kind) {
        return staging(partition).resolve(number(from) + "-" + to + "-" + writer + kind);
    }

    Path staged(CommitRecord record, String kind) {
        return staged(record.partition(), record.from(), number(record.to()), record.writer(), kind);
    }

    /** The directory of a partition's commit records. */
    Path chain(int partition) {
        return control().resolve("p" + partition);
    }

    Path partitionStart(int partition) {
        return chain(partition).resolve("start.json");
    }

    Path record(int partition, long from) {
        return chain(partition).resolve(number(from) + RECORD);
    }

    Path published(int partition) {
        return chain(partition).resolve("PUBLISHED");
    }

    /** Its own directories, except those of a partition. */
    List<Path> directories() {
        return List.of(root, control(), staging());
    }

    /** The directories of a partition. */
    List<Path> directories(int partition) {
        return List.of(staging(partition), chain(partition), published(partition));
    }

    /** Whether a commit record names the files that kstage would have written for its offsets. */
    boolean isNamedRightly(CommitRecord record) {
        return isNamedRightly(record.results(), root, record)
                && isNamedRightly(record.deadLetters(), deadLetters, record);
    }

    private boolean isNamedRightly(CommitRecord.@Nullable Segment segment, Path directory, CommitRecord record) {
        return segment == null
                || segment.file().equals(segment(directory, record.partition(), record.from(), record.to()));
    }

    /** The path of a segment, relative to the root. */
    String segment(Path directory, int partition, long from, long to) {
        String start = topic.length() > LONGEST_TOPIC ? topic.substring(0, LONGEST_TOPIC) : topic;
        String name = start + "-p" + partition + "-" + number(from) + "-" + number(to) + RESULTS;
        return root.relativize(directory.resolve(name)).toString();
    }

    Path inView(CommitRecord.Segment segment) {
        return root.resolve(segment.file()).normalize();
    }

    void createControl() throws IOException {
        DurableFiles.createDirectory(control());
        DurableFiles.createDirectory(staging());
    }

    void createPartition(int partition) throws IOException {
        DurableFiles.createDirectory(staging(partition));
        DurableFiles.createDirectory(chain(partition));
        DurableFiles.createDirectory(published(partition));
    }
}
