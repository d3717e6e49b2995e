package dev.kstage.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.sink.directory.SegmentDirectorySink;
import dev.kstage.sink.file.FileSink;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.verify.read.DeadLetterLines;
import dev.kstage.verify.read.StoredDirectory;
import dev.kstage.verify.read.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever can write to a destination can write anything into what kstage keeps beside the results. Whatever it is, a run
 * or a reader touches nothing outside of the destination, ends with a message, and soon.
 */
final class HostileDestinationTest {
    private static final long SEED = Long.getLong("kstage.seed", 20_261_126L);
    private static final int RANDOM_MUTANTS = 24_500;
    private static final int CHECK_EVERY = 500;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Origin ORDERS = new Origin("orders", "id-1");

    private Path base = Path.of("");
    private Path home = Path.of("");
    private Path precious = Path.of("");
    private Path out = Path.of("");
    private int mutants;

    /** What a run and the readers do with a destination. */
    private interface Use {
        void run() throws IOException;
    }

    @BeforeEach
    void make() throws IOException {
        // In memory, where there is such a file system: what is synced is of no interest here.
        Path memory = Path.of("/dev/shm");
        base = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "kstage-hostile")
                : Files.createTempDirectory("kstage-hostile");
        home = Files.createDirectory(base.resolve("home"));
        precious = Files.writeString(home.resolve(".bashrc"), "echo precious\n");
        Files.writeString(home.resolve("empty"), "");
        Files.createDirectory(home.resolve("directory"));
        Files.writeString(home.resolve("directory/orders.jsonl"), "{\"precious\":true}\n");
        out = Files.createDirectory(base.resolve("out"));
    }

    @AfterEach
    void remove() throws IOException {
        Tree.remove(base);
    }

    @Test
    @Timeout(600)
    void a_file_touches_nothing_else() throws IOException {
        Use first = () -> storeInFile(null);
        first.run();
        first.run();
        Tree template = Tree.of(out);
        assertThat(template.files()).containsKeys("out.jsonl", "out.jsonl.position", "out.dead-letter.jsonl");

        attack(template, List.of("out.jsonl.position"), () -> {
            storeInFile(null);
            readFile();
        });
    }

    @Test
    @Timeout(600)
    void a_file_with_dead_letters_of_the_users_choice_touches_nothing_else() throws IOException {
        Path letters = out.resolve("late.jsonl");
        storeInFile(letters);
        Tree template = Tree.of(out);
        assertThat(template.files()).containsKeys("late.jsonl", "late.jsonl.owner", "out.jsonl.position");

        attack(template, List.of("out.jsonl.position", "late.jsonl.owner"), () -> {
            storeInFile(letters);
            readFile();
        });
    }

    @Test
    @Timeout(600)
    void a_directory_touches_nothing_else() throws IOException {
        storeInDirectory(null, 0);
        storeInDirectory(null, 2);
        unpublish(out.resolve("_kstage"), out);
        Tree template = Tree.of(out);

        attack(template, control(template), () -> {
            storeInDirectory(null, 4);
            readDirectory(null);
        });
    }

    @Test
    @Timeout(600)
    void a_directory_with_dead_letters_of_the_users_choice_touches_nothing_else() throws IOException {
        Path late = base.resolve("late");
        storeInDirectory(late, 0);
        Tree.remove(late);
        Tree template = Tree.of(out);

        attack(template, control(template), () -> {
            storeInDirectory(late, 4);
            readDirectory(late);
            storeInDirectory(null, 4);
        });
    }

    private static List<String> control(Tree template) {
        List<String> control = template.files().keySet().stream()
                .filter(each -> each.startsWith("_kstage"))
                .toList();
        assertThat(control).hasSizeGreaterThanOrEqualTo(5);
        return control;
    }

    /** As a process leaves it that was killed between a commit and bringing it into view. */
    private static void unpublish(Path control, Path root) throws IOException {
        Path record = control.resolve("p0/00000000000000000002.json");
        String writer = Files.readString(record).replaceAll("(?s).*\"writer\":\"([^\"]*)\".*", "$1");
        String range = "00000000000000000002-00000000000000000004";
        Path staging = control.resolve("staging/p0");
        Files.move(root.resolve("orders-p0-" + range + ".jsonl"), staging.resolve(range + "-" + writer + ".jsonl"));
        Files.move(
                root.resolve("dead-letter/orders-p0-" + range + ".jsonl"),
                staging.resolve(range + "-" + writer + ".dead-letter.jsonl"));
        Files.delete(control.resolve("p0/PUBLISHED/" + range));
    }

    private void storeInFile(@Nullable Path letters) {
        try (FileSink sink = new FileSink(out.resolve("out.jsonl"), letters)) {
            sink.open(ORDERS, 2);
            long next = sink.takeOver(Set.of(0)).next().getOrDefault(0, 0L);
            sink.write(results(0));
            sink.commit(Positions.of(Map.of(0, new Position(Math.max(0, next) + 1, 4))));
        }
    }

    private void readFile() {
        StoredFile stored = new StoredFile(out.resolve("out.jsonl"));
        stored.reached();
        stored.forEach(row -> {}, fault -> {});
        DeadLetterLines.ofFile(out.resolve("out.jsonl"), null).forEach(letter -> {}, fault -> {});
    }

    private void storeInDirectory(@Nullable Path letters, long from) {
        SegmentDirectorySink.Rolling rolling = new SegmentDirectorySink.Rolling(Duration.ofSeconds(10), 100);
        try (SegmentDirectorySink sink = new SegmentDirectorySink(out, letters, null, ORDERS, 2, rolling, () -> {})) {
            sink.open(ORDERS, 2);
            Positions known = sink.takeOver(Set.of(0, 1));
            for (int partition : List.of(0, 1)) {
                if (known.of(partition) == null) {
                    sink.initializeOffsets(Positions.of(Map.of(partition, new Position(from, 4))));
                }
            }
            long next = known.next().getOrDefault(0, from);
            sink.write(results(0));
            sink.commit(Positions.of(Map.of(0, new Position(next + 2, 4))));
        }
    }

    private void readDirectory(@Nullable Path letters) {
        StoredDirectory stored = new StoredDirectory(out);
        stored.reached();
        stored.forEach(row -> {}, fault -> {});
        DeadLetterLines.ofDirectory(out, letters).forEach(letter -> {}, fault -> {});
    }

    private static Results results(int partition) {
        Results results = new Results();
        results.store(SegmentRecord.of(partition, 0, "{\"value\":1}"));
        results.reject(SegmentRecord.of(partition, 1, "bad"), "is bad");
        return results;
    }

    /** Mutates each of these files in each way, and uses the destination each time. */
    private void attack(Tree template, List<String> names, Use use) throws IOException {
        Tree before = Tree.of(home);
        Mutation mutation = new Mutation(SEED, precious, home.resolve("empty"), home.resolve("directory/orders.jsonl"));
        mutants = 0;
        for (String name : names) {
            byte[] document = template.file(name);
            for (int at = 0; at < document.length; at++) {
                attack(template, Map.of(name, mutation.flipped(document, at)), use);
            }
            attackNames(template, name, use);
        }
        while (mutants < RANDOM_MUTANTS) {
            String name = names.get(mutation.below(names.size()));
            byte[] mutant = mutation.of(template.file(name));
            String second = names.get(mutation.below(names.size()));
            attack(
                    template,
                    mutation.below(4) == 0 && !second.equals(name)
                            ? Map.of(name, mutant, second, mutation.of(template.file(second)))
                            : Map.of(name, mutant),
                    use);
            if (mutants % CHECK_EVERY == 0) {
                assertThat(Tree.of(home).shape())
                        .as("before mutant " + mutants + " of seed " + SEED)
                        .isEqualTo(before.shape());
            }
        }
        assertThat(Tree.of(home).shape()).isEqualTo(before.shape());
        System.out.println(mutants + " mutants of " + names.size() + " files, seed " + SEED);
    }

    private void attack(Tree template, Map<String, byte[]> changed, Use use) throws IOException {
        attackAfter(
                template,
                () -> {
                    for (Map.Entry<String, byte[]> each : changed.entrySet()) {
                        Files.write(out.resolve(each.getKey()), each.getValue());
                    }
                },
                changed.toString(),
                use);
    }

    /** A link, a directory, nothing, or another name in its place, and links in place of the directories above it. */
    private void attackNames(Tree template, String name, Use use) throws IOException {
        Path file = out.resolve(name);
        List<Use> changes = new ArrayList<>();
        for (Path target : List.of(precious, home.resolve("empty"), home.resolve("none"), home.resolve("directory"))) {
            changes.add(() -> {
                Files.delete(file);
                Files.createSymbolicLink(file, target);
            });
            for (Path above = file.getParent(); above != null && !above.equals(out); above = above.getParent()) {
                Path directory = above;
                changes.add(() -> {
                    Tree.remove(directory);
                    Files.createSymbolicLink(directory, target);
                });
            }
        }
        changes.add(() -> {
            Files.delete(file);
            Files.createDirectory(file);
        });
        changes.add(() -> Files.delete(file));
        for (String other : List.of(
                "99999999999999999999.json",
                "99999999999999999999-99999999999999999999",
                "09223372036854775807-09223372036854775807",
                "99999999999999999999-x.jsonl",
                "00000000000000000000-.jsonl",
                "start.json",
                "out.jsonl.position.next")) {
            changes.add(() -> Files.copy(file, file.resolveSibling(other), StandardCopyOption.REPLACE_EXISTING));
        }
        for (int each = 0; each < changes.size(); each++) {
            attackAfter(template, changes.get(each), "change " + each + " of " + name, use);
        }
    }

    private void attackAfter(Tree template, Use change, String what, Use use) throws IOException {
        Tree.remove(out);
        template.write(out);
        change.run();
        mutants++;
        long start = System.nanoTime();
        try {
            use.run();
        } catch (Failure | CommitConflict | RetriableFailure e) {
            // Told, whatever it is.
            assertThat(e).hasMessageNotContaining("Exception");
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError("mutant " + mutants + " of seed " + SEED + ": " + what, e);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(LONGEST);
    }
}
