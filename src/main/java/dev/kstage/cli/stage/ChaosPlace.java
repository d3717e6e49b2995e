package dev.kstage.cli.stage;

import dev.kstage.report.Failure;
import dev.kstage.verify.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where the events of a round are stored, in the round's own directory, and how they are read back. */
enum ChaosPlace {
    FILE("file") {
        @Override
        List<String> arguments(Path directory) {
            return List.of("--to", directory.resolve("out.jsonl").toString());
        }

        @Override
        void forEachLine(Path directory, Consumer<byte[]> use) {
            StoredFile.forEachLine(directory.resolve("out.jsonl"), use);
        }
    },
    DIRECTORY("directory") {
        @Override
        List<String> arguments(Path directory) {
            // Segments as short as the life of a worker, so that there is something to be torn.
            return List.of("--to", directory.resolve("out") + "/", "--roll-every", "250ms");
        }

        @Override
        void forEachLine(Path directory, Consumer<byte[]> use) {
            // Their names sort by partition and offset.
            try (Stream<Path> files = Files.list(directory.resolve("out"))) {
                files.filter(file -> file.toString().endsWith(".jsonl"))
                        .sorted()
                        .forEach(file -> StoredFile.forEachLine(file, use));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final String word;

    ChaosPlace(String word) {
        this.word = word;
    }

    /** The options of {@code consume}. */
    abstract List<String> arguments(Path directory);

    /** Hands over every stored value, those of a partition in their order. */
    abstract void forEachLine(Path directory, Consumer<byte[]> use);

    /** Reads the word of the command line. */
    static ChaosPlace of(String text) {
        for (ChaosPlace place : values()) {
            if (place.word.equals(text)) {
                return place;
            }
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "cannot use --to " + text,
                "it is none of the kinds of place",
                "name one or more of: "
                        + String.join(
                                ", ",
                                Stream.of(values()).map(place -> place.word).toList()));
    }

    @Override
    public String toString() {
        return word;
    }
}
