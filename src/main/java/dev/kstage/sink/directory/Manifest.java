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
 * What all processes that store in one directory agree on: {@code _kstage/manifest.json}, linked once.
 *
 * @param format the version of the directory's layout
 * @param sinkId a random id, born with the directory
 * @param group the consumer group whose members share the directory
 * @param topic the name of the topic whose records it holds
 * @param topicId the id of the topic
 * @param partitions how many partitions the topic had
 * @param deadLetters the directory of the dead letters, relative to this one; null for the one within it
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
    /** What may refuse a manifest before anybody can see it. */
    @FunctionalInterface
    interface Check {
        void run() throws IOException;
    }

    // A file system's own, at the top of a volume.
    private static final Set<String> NOBODYS = Set.of("lost+found");

    // Jackson leaves what a document lacks null or 0.
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
     * Reads what was agreed on, or brings it about where {@link #refuseForeign} found nothing.
     *
     * @param wanted the group that the user named, or null
     * @param before run first if there is no manifest yet
     * @throws Failure if the directory is of another topic or group
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

    /** If another process was faster, the check may have found what that one made: then its word holds. */
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
        // If another process was first, its word holds.
        DurableFiles.linkOnce(layout.manifest(), draft);
        DurableFiles.syncDirectory(layout.control());
        Files.delete(draft);
    }

    /** A directory without a manifest must be empty, but for what a process left that died while giving manifest. */
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
                if (!entry.equals(layout.control()) && !NOBODYS.contains(String.valueOf(entry.getFileName()))) {
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

    /** The directory of the dead letters, absolute. */
    Path deadLettersOf(Path root) {
        return deadLetters == null
                ? SegmentLayout.deadLettersWithin(root)
                : root.resolve(deadLetters).normalize();
    }

    /** Refuses to store records of another topic, or of one that was created again. */
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
