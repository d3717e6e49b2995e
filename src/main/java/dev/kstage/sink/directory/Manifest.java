package dev.kstage.sink.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.kstage.record.Origin;
import dev.kstage.report.Failure;
import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.StoredDocument;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that all workers of a directory share: {@code _kstage/manifest.json}, created once with a hard link.
 *
 * @param format the version of the directory's format
 * @param sinkId a random id, created with the directory
 * @param group the consumer group of the workers
 * @param topic the name of the topic
 * @param topicId the id of the topic
 * @param partitions the number of partitions of the topic at creation
 * @param deadLetters the directory of the dead-letter records, relative to this one; null for the default inside it
 */
record Manifest(
        int format,
        String sinkId,
        String group,
        String topic,
        String topicId,
        int partitions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String deadLetters)
        implements StoredDocument {
    /** A check that may reject a manifest before it becomes visible. */
    @FunctionalInterface
    interface Check {
        void run() throws IOException;
    }

    // A directory that the file system itself creates at the top of a volume.
    private static final Set<String> CREATED_BY_FILE_SYSTEM = Set.of("lost+found");

    // Jackson sets missing fields to null or 0.
    @Override
    @SuppressWarnings("ConstantConditions")
    public boolean complete() {
        return format == FORMAT
                && StoredDocument.isName(sinkId)
                && StoredDocument.isName(group)
                && StoredDocument.isName(topic)
                && StoredDocument.isName(topicId)
                && StoredDocument.isPath(deadLetters)
                && partitions > 0;
    }

    /**
     * Reads the manifest, or creates it in an empty directory.
     *
     * @param wanted the consumer group that the user named, or null
     * @param before runs first if the manifest does not exist yet
     * @throws Failure if the directory belongs to another topic or group
     */
    static Manifest agreedOn(SegmentLayout layout, Origin origin, int partitions, @Nullable String wanted, Check before)
            throws IOException {
        Manifest stored = StoredDocument.read(layout.manifest(), Manifest.class);
        if (stored == null && isAllowed(layout, before)) {
            propose(layout, origin, partitions, wanted);
        }
        if (stored == null) {
            stored = Objects.requireNonNull(
                    StoredDocument.read(layout.manifest(), Manifest.class), "the link" + " was created before");
        }
        stored.refuse(layout.root(), origin);
        if (wanted != null && !wanted.equals(stored.group)) {
            throw refused(
                    layout.root() + " belongs to group " + stored.group,
                    "all workers of a directory use one consumer group, and this run uses " + wanted,
                    "use --group " + stored.group + " or leave out --group; or store in another directory");
        }
        return stored;
    }

    /** If another process was faster, the check may have found that process's group. Then its manifest counts. */
    private static boolean isAllowed(SegmentLayout layout, Check before) throws IOException {
        try {
            before.run();
            return true;
        } catch (Failure e) {
            if (Files.exists(layout.manifest())) {
                return false;
            }
            throw e;
        }
    }

    private static void propose(SegmentLayout layout, Origin origin, int partitions, @Nullable String wanted)
            throws IOException {
        String sinkId = UUID.randomUUID().toString();
        String name = String.valueOf(layout.root().getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
        Manifest mine = new Manifest(
                FORMAT,
                sinkId,
                wanted == null ? "kstage-" + name + "-" + sinkId.substring(0, 6).toLowerCase(Locale.ROOT) : wanted,
                origin.name(),
                origin.id(),
                partitions,
                layout.hasDeadLettersWithin()
                        ? null
                        : layout.root().relativize(layout.deadLetters()).toString());
        Path draft = layout.staging().resolve("manifest-" + sinkId);
        DurableFiles.write(draft, mine.bytes());
        // If another process was first, its manifest counts.
        DurableFiles.linkOnce(layout.manifest(), draft);
        DurableFiles.syncDirectory(layout.control());
        Files.delete(draft);
    }

    /**
     * A directory without a manifest must be empty, except for leftovers of a process that was killed while creating
     * the manifest.
     */
    static void refuseForeign(SegmentLayout layout) throws IOException {
        Path foreign = Files.exists(layout.manifest()) ? null : firstForeign(layout);
        if (foreign != null && !Files.exists(layout.manifest())) {
            throw refused(
                    layout.root() + " is not empty",
                    foreign + " exists without " + layout.manifest() + ", so kstage did not create this directory",
                    "choose another directory, or a new subdirectory: --to "
                            + layout.root().resolve("results") + "/");
        }
    }

    private static @Nullable Path firstForeign(SegmentLayout layout) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(layout.root())) {
            for (Path entry : entries) {
                if (!entry.equals(layout.control())
                        && !CREATED_BY_FILE_SYSTEM.contains(String.valueOf(entry.getFileName()))) {
                    return entry;
                }
            }
        }
        if (Files.isDirectory(layout.control())) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(layout.control(), "p*")) {
                for (Path entry : entries) {
                    return entry;
                }
            }
        }
        return null;
    }

    /** The directory of the dead-letter records, absolute. */
    Path deadLettersOf(Path root) {
        return deadLetters == null
                ? SegmentLayout.deadLettersWithin(root)
                : root.resolve(deadLetters).normalize();
    }

    /** Rejects records of another topic, or of a topic that was recreated. */
    void refuse(Path directory, Origin origin) {
        if (!topic.equals(origin.name())) {
            throw refused(
                    directory + " holds records of topic " + topic,
                    "a directory stores one topic, and this run reads " + origin.name(),
                    "store in another directory");
        }
        if (!topicId.equals(origin.id())) {
            throw refused(
                    "topic " + topic + " is not the topic that " + directory + " was filled from",
                    "the topic was deleted and recreated: its id was " + topicId + " and is " + origin.id(),
                    "store the new topic in another directory");
        }
    }

    private static Failure refused(String what, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, what, why, remedy);
    }
}
