package dev.kstage.sink.directory;

import dev.kstage.record.Origin;
import dev.kstage.report.Failure;
import dev.kstage.sink.disk.DiskFull;
import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.StoredDocument;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Prepares a directory of segments: checks that it can be used, and which sink owns it. */
final class SegmentDirectoryInitializer {
    // In a separate dead-letter directory: the id of its owner, so that no two sinks share it.
    private static final String OWNER = "_kstage.json";
    private static final String DRAFT = "draft-";

    private final SegmentLayout layout;
    private final boolean isDeadLetterGiven;

    /**
     * @param layout with the dead-letter directory that the user wants, or the default
     * @param isDeadLetterGiven whether the user named that directory
     */
    SegmentDirectoryInitializer(SegmentLayout layout, boolean isDeadLetterGiven) {
        this.layout = layout;
        this.isDeadLetterGiven = isDeadLetterGiven;
    }

    /**
     * Makes the directory ready.
     *
     * @param group the consumer group that the user named, or null
     * @param beforeCreation may reject a directory before kstage creates its metadata
     * @return the shared metadata of the directory
     * @throws Failure if the directory can't be used
     */
    Manifest prepare(Origin origin, int partitions, @Nullable String group, Runnable beforeCreation)
            throws IOException {
        create(layout.root());
        Manifest.refuseForeign(layout);
        layout.createControl();
        probe();
        Manifest manifest = Manifest.agreedOn(layout, origin, partitions, group, () -> {
            if (!layout.hasDeadLettersWithin()) {
                tryDeadLetters();
            }
            beforeCreation.run();
        });
        refuseOtherDeadLetters(manifest);
        if (manifest.deadLetters() != null) {
            create(manifest.deadLettersOf(layout.root()));
            own(manifest);
        }
        return manifest;
    }

    /** Checks the dead-letter directory; the first run decides it permanently. */
    private void tryDeadLetters() throws IOException {
        refuseDeadLettersWithin();
        create(layout.deadLetters());
        Path owner = layout.deadLetters().resolve(OWNER);
        if (Files.exists(owner)) {
            throw ofAnother(owner);
        }
        refuseForeign(owner);
        Path draft = draft();
        Path link = layout.deadLetters().resolve(String.valueOf(draft.getFileName()));
        Files.createFile(draft);
        try {
            link(link, draft, cannotHold(layout.deadLetters()));
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(draft);
        }
    }

    private void refuseOtherDeadLetters(Manifest manifest) {
        Path own = manifest.deadLettersOf(layout.root());
        if (manifest.deadLetters() != null && !isDeadLetterGiven) {
            throw refused(
                    layout.root() + " has its dead-letter records in " + own,
                    "anyone who can write to " + layout.manifest() + " could have changed that name, so kstage does not"
                            + " use it unconfirmed",
                    "confirm the directory: --dead-letter " + own);
        }
        if (isDeadLetterGiven && !layout.deadLetters().equals(own)) {
            throw refused(
                    layout.root() + " has its dead-letter records in " + own,
                    "results and dead-letter records share their commits, so the records can't move to "
                            + layout.deadLetters(),
                    (manifest.deadLetters() == null ? "leave out --dead-letter" : "use --dead-letter " + own)
                            + ", or store in a new directory");
        }
    }

    private void refuseDeadLettersWithin() {
        if (layout.deadLetters().startsWith(layout.root()) || layout.root().startsWith(layout.deadLetters())) {
            throw refused(
                    "cannot store dead-letter records in " + layout.deadLetters(),
                    "it is, contains, or is inside " + layout.root() + ", the directory of the results",
                    "choose a directory beside it, or leave out --dead-letter to use "
                            + layout.root().resolve("dead-letter"));
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw refused(
                    directory + " is not a directory",
                    "a file with that name exists",
                    "choose another name; or leave out the / at the end to store in one file");
        }
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw refused("cannot create " + directory, "there is no directory " + parent, "create it first");
        }
        // The user's own directory may be a link; directories of kstage inside it may not.
        if (!Files.isDirectory(directory)) {
            DurableFiles.createDirectory(directory);
        }
    }

    /** Claims a separate dead-letter directory for this sink only. */
    private void own(Manifest manifest) throws IOException {
        Path directory = manifest.deadLettersOf(layout.root());
        Path owner = directory.resolve(OWNER);
        Manifest stored = StoredDocument.read(owner, Manifest.class);
        if (stored == null) {
            refuseForeign(owner);
            Path draft = draft();
            DurableFiles.write(draft, manifest.bytes());
            try {
                link(owner, draft, cannotHold(directory));
            } finally {
                Files.deleteIfExists(draft);
            }
            DurableFiles.syncDirectory(directory);
            stored = StoredDocument.read(owner, Manifest.class);
        }
        if (!manifest.equals(stored)) {
            throw ofAnother(owner);
        }
    }

    private Failure ofAnother(Path owner) {
        return refused(
                owner.getParent() + " has the dead-letter records of another directory",
                owner + " names another directory than " + layout.root(),
                "choose another directory with --dead-letter");
    }

    private String cannotHold(Path directory) {
        return directory + " can't store the dead-letter records of " + layout.root();
    }

    private void refuseForeign(Path owner) throws IOException {
        Path directory = Objects.requireNonNull(owner.getParent(), "it is in a directory");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                // A draft is the probe file of another process.
                if (!Files.exists(owner) && !entry.getFileName().toString().startsWith(DRAFT)) {
                    throw refused(
                            directory + " is not empty",
                            entry + " exists without " + owner + ", so kstage did not create this directory",
                            "choose another directory with --dead-letter");
                }
            }
        }
    }

    /** Checks that hard links work in the directory, because a commit is a hard link that is created once. */
    private void probe() throws IOException {
        Path file = draft();
        Path link = draft();
        String what = layout.root() + " can't be shared by several workers";
        Files.createFile(file);
        try {
            if (!link(link, file, what) || link(link, file, what)) {
                throw unlinked(what, "a hard link was not created, or was created twice", null);
            }
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(file);
        }
    }

    private static boolean link(Path name, Path file, String otherwise) throws IOException {
        try {
            return DurableFiles.linkOnce(name, file);
        } catch (UnsupportedOperationException e) {
            throw unlinked(otherwise, String.valueOf(e.getMessage()), e);
        } catch (FileSystemException e) {
            if (e instanceof AccessDeniedException || DiskFull.is(e)) {
                throw e;
            }
            throw unlinked(otherwise, String.valueOf(e.getReason()), e);
        }
    }

    private Path draft() {
        return layout.staging().resolve(DRAFT + UUID.randomUUID());
    }

    private static Failure unlinked(String what, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.USAGE,
                what,
                "hard links don't work in that directory: " + why,
                "choose a directory on one local file system; or store in one file or a database",
                cause);
    }

    private static Failure refused(String what, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, what, why, remedy);
    }
}
