package dev.kstage.sink.file;

import dev.kstage.report.AtomicFile;
import dev.kstage.report.Failure;
import dev.kstage.sink.disk.StoredDocument;
import dev.kstage.sink.disk.SymbolicLinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The dead-letter file of a file sink. When the sink is opened, the file is truncated to the committed length, so it
 * must contain nothing else. If the user named the file, an {@code .owner} file beside it says which sink it belongs
 * to.
 */
final class DeadLetterFile {
    /**
     * The content of {@code NAME.owner}.
     *
     * @param format the version of this format
     * @param sinkId the id of the sink
     * @param results the file of the results, relative to the dead-letter file
     */
    record Owner(int format, String sinkId, String results) implements StoredDocument {
        // Jackson sets missing fields to null or 0.
        @Override
        @SuppressWarnings("ConstantConditions")
        public boolean complete() {
            return format == FORMAT
                    && StoredDocument.isName(sinkId)
                    && results != null
                    && StoredDocument.isPath(results);
        }

        static @Nullable Owner of(Path deadLetters) {
            return StoredDocument.read(
                    ownerOf(deadLetters), Owner.class, "restore that file, or choose another --dead-letter");
        }
    }

    private final Path results;
    private final Path path;
    // The path with links resolved.
    private final Path file;
    private final Path fileOfResults;
    private final boolean isNamed;
    private final @Nullable FilePosition position;

    /**
     * @param results the file of the results, absolute
     * @param path the dead-letter file, absolute
     * @param position what the sink has stored so far, or null for nothing
     */
    DeadLetterFile(Path results, Path path, @Nullable FilePosition position) throws IOException {
        this.results = results;
        this.path = path;
        this.position = position;
        this.file = SymbolicLinks.end(path);
        this.fileOfResults = SymbolicLinks.end(results);
        this.isNamed = !file.equals(SymbolicLinks.end(beside(results)));
    }

    /**
     * The default: {@code out.dead-letter.jsonl} for {@code out.jsonl}, {@code out.txt-dead-letter.jsonl} for {@code
     * out.txt}. Different files have different defaults.
     */
    static Path beside(Path results) {
        String name = String.valueOf(results.getFileName());
        String stem = name.endsWith(".jsonl") ? name.substring(0, name.length() - ".jsonl".length()) : "";
        return results.resolveSibling(stem.isEmpty() ? name + "-dead-letter.jsonl" : stem + ".dead-letter.jsonl");
    }

    /** The results whose default dead-letter file has this name. */
    private static @Nullable Path resultsBeside(Path deadLetters) {
        String name = String.valueOf(deadLetters.getFileName());
        for (String suffix : List.of(".dead-letter.jsonl", "-dead-letter.jsonl")) {
            if (name.endsWith(suffix)) {
                String stem = name.substring(0, name.length() - suffix.length());
                Path candidate = deadLetters.resolveSibling(suffix.startsWith(".") ? stem + ".jsonl" : stem);
                FilePosition stored =
                        beside(candidate).equals(deadLetters) ? FilePosition.read(FilePosition.of(candidate)) : null;
                if (stored != null && stored.deadLetterFile() == null) {
                    return candidate;
                }
            }
        }
        return null;
    }

    static Path ownerOf(Path deadLetters) {
        return deadLetters.resolveSibling(deadLetters.getFileName() + ".owner");
    }

    /** The path as the user named it. */
    Path path() {
        return path;
    }

    /** Whether the file is not the default one. */
    boolean isNamed() {
        return isNamed;
    }

    /**
     * Rejects a file with other content.
     *
     * @throws Failure if the results need this file, or if it has other results or their dead-letter records
     */
    void refuseOthers() throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw unfit("it is not a regular file");
        }
        Path ownPosition = FilePosition.of(results);
        if (file.equals(fileOfResults)
                || (Files.exists(file) && Files.exists(fileOfResults) && Files.isSameFile(file, fileOfResults))) {
            throw unfit("it is the file of the results");
        }
        if (file.equals(SymbolicLinks.end(ownPosition))) {
            throw unfit("it is the position file of the results");
        }
        if (ownerOf(file).equals(fileOfResults)) {
            throw unfit("its .owner file would be the file of the results");
        }
        if (Files.exists(FilePosition.of(file))) {
            throw unfit("it is a file of results: beside it is "
                    + FilePosition.of(file).getFileName());
        }
        Path others = resultsBeside(file);
        if (isNamed && others != null) {
            throw taken(file, others, remedy());
        }
        Owner owner = Owner.of(file);
        refuse(owner, position == null ? "" : position.sinkId());
        // The owner file is written before the position. So only a position that kstage did not write lacks an
        // owner.
        if (isNamed && position != null && (owner == null || !owner.sinkId().equals(position.sinkId()))) {
            throw unfit("there is no " + ownerOf(file).getFileName() + " beside it that names its owner, " + results);
        }
        if (Files.isSymbolicLink(path)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    path + " is a link to " + file,
                    "the target of a link can change",
                    "name the file itself: --dead-letter " + file);
        }
    }

    /**
     * Rejects a file for results that has dead-letter records of another sink, because the two could not be
     * distinguished.
     *
     * @throws Failure if the file is such a file
     */
    static void refuseResultsIn(Path results) throws IOException {
        Path end = SymbolicLinks.end(results);
        Path others = resultsBeside(end);
        if (others != null) {
            throw taken(end, others, "choose another --to");
        }
        Owner owner = Owner.of(end);
        if (owner != null) {
            throw taken(end, owner, "choose another --to");
        }
    }

    /**
     * Claims a file that the user named for this sink only. The file must be locked: if two sinks start at the same
     * time, only one gets it.
     *
     * @throws Failure if another sink has it
     */
    void claim(String sinkId) throws IOException {
        Owner stored = Owner.of(file);
        refuse(stored, sinkId);
        Owner mine = new Owner(StoredDocument.FORMAT, sinkId, relativeResults());
        if (isNamed && !mine.equals(stored)) {
            AtomicFile.replace(ownerOf(file), mine.bytes());
        }
    }

    private String relativeResults() {
        return Objects.requireNonNull(file.getParent(), "a file has a directory")
                .relativize(fileOfResults)
                .toString();
    }

    private void refuse(@Nullable Owner owner, String sinkId) {
        // The same path as before belonged to results that were deleted, to start again.
        if (owner != null && !owner.results().equals(relativeResults()) && !hasMoved(owner, sinkId)) {
            throw taken(file, owner, remedy());
        }
    }

    /** Whether the results of this owner were moved to another path. Copied results still exist at the old path. */
    private boolean hasMoved(Owner owner, String sinkId) {
        if (!owner.sinkId().equals(sinkId)) {
            return false;
        }
        FilePosition there = FilePosition.read(FilePosition.of(file.resolveSibling(owner.results())));
        return there == null || !there.sinkId().equals(sinkId);
    }

    private String remedy() {
        if (position != null) {
            return "store in a new file";
        }
        return isNamed
                ? "choose another --dead-letter"
                : "name another file with --dead-letter, or choose" + " another --to";
    }

    private Failure unfit(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot store dead-letter records in " + path,
                why,
                remedy()
                        + (position == null && isNamed
                                ? ", or leave out --dead-letter to use " + beside(results)
                                : ""));
    }

    private static Failure taken(Path file, Owner owner, String remedy) {
        return taken(
                file,
                file.resolveSibling(owner.results()).normalize(),
                remedy + "; or, if those results no longer exist, delete " + ownerOf(file));
    }

    private static Failure taken(Path file, Path results, String remedy) {
        return new Failure(
                Failure.Kind.USAGE,
                file + " has the dead-letter records of " + results,
                "a run of those results would delete the dead-letter records of this run",
                remedy);
    }
}
