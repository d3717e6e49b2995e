package dev.kstage.sink;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of the dead letters of a file of results. When the results are opened it is cut to what they have committed,
 * so it can have nothing else; one that a user named, in which others may want theirs too, has beside it whose it is.
 *
 * @param results the file of the results, absolute
 * @param path that of the dead letters, absolute
 */
record LetterFile(Path results, Path path) {
    /**
     * What stands in {@code NAME.owner}.
     *
     * @param format the version of this layout
     * @param sinkId the id of the file of results
     * @param results where that is, relative to the dead letters
     */
    record Owner(int format, String sinkId, String results) implements StoredDocument {
        // Jackson leaves what a document lacks null or 0.
        @Override
        @SuppressWarnings("ConstantConditions")
        public boolean complete() {
            return format == FORMAT && sinkId != null && results != null;
        }

        static @Nullable Owner read(Path file) {
            return StoredDocument.read(file, Owner.class, "bring that file back, or choose another --dead-letter");
        }
    }

    /**
     * {@code out.dead-letter.jsonl} for {@code out.jsonl}, {@code out.txt-dead-letter.jsonl} for {@code
     * out.txt}: no two files have the same.
     */
    static Path beside(Path results) {
        String name = String.valueOf(results.getFileName());
        String stem = name.endsWith(".jsonl") ? name.substring(0, name.length() - ".jsonl".length()) : "";
        return results.resolveSibling(stem.isEmpty() ? name + "-dead-letter.jsonl" : stem + ".dead-letter.jsonl");
    }

    /** Whether it is another than the one beside the results. */
    boolean isNamed() {
        return !path.equals(beside(results));
    }

    /**
     * Refuses a file that has something else.
     *
     * @throws Failure if it is one of those that the results need, or of other results
     */
    void refuseResults() throws IOException {
        Path position = FilePosition.of(results);
        Path letters = Links.end(path);
        if (isSame(results)) {
            throw unfit("it is the file of the results");
        }
        if (letters.equals(Links.end(position))
                || letters.equals(Links.end(Durable.nextOf(position)))
                || Links.end(ownerOf(path)).equals(Links.end(results))) {
            throw unfit("names that begin with " + results.getFileName() + " are for what kstage keeps of the results");
        }
        if (Files.exists(FilePosition.of(letters))) {
            throw unfit("it is a file of results: it has a "
                    + FilePosition.of(letters).getFileName());
        }
        if (!isNamed()) {
            refuseOwned(letters, "--to");
        }
    }

    private boolean isSame(Path other) throws IOException {
        return Links.end(path).equals(Links.end(other))
                || (Files.exists(path) && Files.exists(other) && Files.isSameFile(path, other));
    }

    /**
     * Refuses results in a file that has the dead letters of others, which could not be told from them.
     *
     * @throws Failure if this is one
     */
    static void refuseResultsIn(Path file) throws IOException {
        Path end = Links.end(file);
        refuseOwned(end, "--to");
        for (String suffix : List.of(".dead-letter.jsonl", "-dead-letter.jsonl")) {
            String name = String.valueOf(end.getFileName());
            if (name.endsWith(suffix)) {
                String stem = name.substring(0, name.length() - suffix.length());
                Path others = end.resolveSibling(suffix.startsWith(".") ? stem + ".jsonl" : stem);
                FilePosition position = FilePosition.read(FilePosition.of(others));
                if (position != null && position.deadLetterFile() == null) {
                    throw taken(end, others, "choose another --to");
                }
            }
        }
    }

    private static void refuseOwned(Path file, String option) {
        Owner owner = Owner.read(ownerOf(file));
        if (owner != null) {
            throw taken(file, owner, option);
        }
    }

    /**
     * Takes a file that the user named for these results alone. It must be locked: of two that are born at the same
     * time only one can have it.
     *
     * @throws Failure if others have it
     */
    void claim(String sinkId) throws IOException {
        Path end = Links.end(path);
        Path directory = Objects.requireNonNull(end.getParent(), "a file of a directory");
        Owner mine = new Owner(
                StoredDocument.FORMAT,
                sinkId,
                directory.relativize(Links.end(results)).toString());
        Owner stored = Owner.read(ownerOf(end));
        if (stored != null
                && !stored.sinkId().equals(mine.sinkId())
                // Results that were deleted, to begin again.
                && !stored.results().equals(mine.results())) {
            throw taken(end, stored, "--dead-letter");
        }
        if (!mine.equals(stored)) {
            Durable.replace(ownerOf(end), mine.bytes());
        }
    }

    private static Path ownerOf(Path letters) {
        return letters.resolveSibling(letters.getFileName() + ".owner");
    }

    private Failure unfit(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot put dead letters into " + path,
                why,
                "choose another file, or leave --dead-letter out for " + beside(results));
    }

    private static Failure taken(Path file, Owner owner, String option) {
        return taken(
                file,
                file.resolveSibling(owner.results()).normalize(),
                "choose another " + option + "; or, if those results are gone for good, delete " + ownerOf(file));
    }

    private static Failure taken(Path file, Path results, String remedy) {
        return new Failure(
                Failure.Kind.USAGE,
                file + " has the dead letters of " + results,
                "whoever stores there cuts off what is not its own",
                remedy);
    }
}
