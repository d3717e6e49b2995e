package dev.kstage.sink.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kstage.installed.SegmentsOnDisk;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import dev.kstage.sink.SegmentRecord;
import dev.kstage.sink.Tree;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentDirectorySinkTest {
    private static final Origin ORDERS = new Origin("orders", "id-1");
    private static final String FIRST = "00000000000000000000-00000000000000000002";

    @TempDir
    Path directory;

    private Path out = Path.of("");

    @BeforeEach
    void names() {
        out = directory.resolve("out");
    }

    private SegmentDirectorySink sink(@Nullable Path deadLetters, @Nullable String group, Origin origin) {
        return new SegmentDirectorySink(
                out,
                deadLetters,
                group,
                origin,
                2,
                new SegmentDirectorySink.Rolling(Duration.ofSeconds(10), 100),
                () -> {});
    }

    /** A process that has claimed both partitions. */
    private SegmentDirectorySink worker() {
        SegmentDirectorySink sink = sink(null, null, ORDERS);
        sink.open(ORDERS, 2);
        claim(sink);
        return sink;
    }

    /** Claims both as a stage does, and gives where they stand. */
    private static Positions claim(SegmentDirectorySink sink) {
        Positions known = sink.takeOver(Set.of(0, 1));
        Positions starts = both(0, 0).without(known.byPartition().keySet());
        if (!starts.isEmpty()) {
            sink.initializeOffsets(starts);
        }
        return starts.and(known);
    }

    private static Positions both(long first, long second) {
        return Positions.of(Map.of(0, new Position(first, 4), 1, new Position(second, 4)));
    }

    private static Positions at(int partition, long next) {
        return both(next, next).within(Set.of(partition));
    }

    /** Values that name their partition and offset. */
    private static Results records(int partition, long from, long to) {
        Results results = new Results();
        for (long offset = from; offset < to; offset++) {
            results.store(SegmentRecord.of(partition, offset, "{\"p\":" + partition + ",\"o\":" + offset + "}"));
        }
        return results;
    }

    private static void store(SegmentDirectorySink sink, int partition, long from, long to) {
        sink.write(records(partition, from, to));
        sink.commit(at(partition, to));
    }

    private static List<String> values(int partition, long from, long to) {
        return records(partition, from, to).records().stream()
                .map(each -> String.valueOf(each.value()))
                .toList();
    }

    private Path chain(int partition) {
        return out.resolve("_kstage/p" + partition);
    }

    private static List<String> names(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static String random(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "RANDOM")
                .replaceAll("out-[0-9a-f]{6}", "out-RANDOM")
                .replaceAll(ProcessHandle.current().pid() + "-[0-9a-f]{12}", "WRITER");
    }

    @Test
    void stores_the_values_of_each_partition_in_segments_of_their_own() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            Results both = records(0, 0, 2);
            records(1, 5, 8).records().forEach(both::store);
            sink.write(both);
            sink.commit(both(2, 8));
        }

        assertThat(names(out))
                .containsExactly(
                        "_kstage",
                        "orders-p0-" + FIRST + ".jsonl",
                        "orders-p1-00000000000000000000-00000000000000000008.jsonl");
        assertThat(out.resolve("orders-p0-" + FIRST + ".jsonl")).hasContent("""
                        {"p":0,"o":0}
                        {"p":0,"o":1}
                        """);
        assertThat(SegmentsOnDisk.checked(out).values()).isEqualTo(Map.of(0, values(0, 0, 2), 1, values(1, 5, 8)));
    }

    @Test
    void writes_down_what_it_is_and_what_it_did() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
        }

        assertThat(random(Files.readString(out.resolve("_kstage/manifest.json"))
                        + Files.readString(chain(0).resolve("start.json"))
                        + Files.readString(chain(0).resolve("00000000000000000000.json"))))
                .isEqualTo("""
                        {"format":1,"sinkId":"RANDOM","group":"kstage-out-RANDOM","topic":"orders","topicId":"id-1","partitions":2}
                        {"format":1,"sinkId":"RANDOM","topicId":"id-1","partition":0,"first":0,"leaderEpoch":4}
                        {"format":1,"partition":0,"from":0,"to":2,"leaderEpoch":4,"results":{"file":"orders-p0-00000000000000000000-00000000000000000002.jsonl","lines":2,"bytes":28,"sha256":"8dacd350e2e304122617618612fe9d218d06a4f27af53152eb31cb3bd4fa2306"},"deadLetters":null,"writer":"WRITER"}
                        """);
        assertThat(names(chain(0).resolve("PUBLISHED"))).containsExactly(FIRST);
        assertThat(names(out.resolve("_kstage/staging/p0"))).isEmpty();
    }

    @Test
    void continues_where_it_ended() {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
            store(sink, 0, 2, 5);
        }

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(5, 0));
            store(sink, 0, 5, 6);
        }

        assertThat(SegmentsOnDisk.checked(out).bounds().get(0)).containsExactly(0L, 2L, 5L, 6L);
    }

    @Test
    void agrees_on_id_group_and_number_of_partitions_with_all_who_share_it() {
        try (SegmentDirectorySink first = sink(null, "mine", ORDERS);
                SegmentDirectorySink second = new SegmentDirectorySink(
                        out, null, null, ORDERS, 7, new SegmentDirectorySink.Rolling(Duration.ZERO, 1), () -> {})) {
            assertThat(second.sinkId()).isEqualTo(first.sinkId());
            assertThat(second.group()).isEqualTo("mine");
            assertThat(second.open(ORDERS, 7)).isEqualTo(2);
        }
    }

    @Test
    void a_creation_that_is_rejected_leaves_no_manifest_and_that_of_another_process_counts() {
        SegmentDirectorySink.Rolling rolling = new SegmentDirectorySink.Rolling(Duration.ZERO, 1);
        Failure refusal = new Failure(Failure.Kind.USAGE, "group taken", "it is another's", "choose another");
        Runnable refuses = () -> {
            throw refusal;
        };
        Runnable losesAndRefuses = () -> {
            sink(null, "winner", ORDERS).close();
            throw refusal;
        };

        assertThatThrownBy(() -> new SegmentDirectorySink(out, null, "taken", ORDERS, 2, rolling, refuses))
                .isSameAs(refusal);
        assertThat(out.resolve("_kstage/manifest.json")).doesNotExist();
        try (SegmentDirectorySink sink =
                new SegmentDirectorySink(out, null, "winner", ORDERS, 2, rolling, losesAndRefuses)) {
            assertThat(sink.group()).isEqualTo("winner");
        }
    }

    @Test
    void loses_a_race_and_continues_where_the_winner_ended() throws IOException {
        try (SegmentDirectorySink first = worker();
                SegmentDirectorySink second = worker()) {
            second.write(records(0, 0, 3));
            store(first, 0, 0, 2);

            assertThatThrownBy(() -> second.commit(at(0, 3))).isInstanceOf(CommitConflict.class);
            assertThat(second.committedPartitions()).isEmpty();
            second.abort();
            assertThat(names(out.resolve("_kstage/staging/p0"))).isEmpty();
            assertThat(claim(second)).isEqualTo(both(2, 0));
            store(second, 0, 2, 3);
        }

        assertThat(SegmentsOnDisk.checked(out).values().get(0)).isEqualTo(values(0, 0, 3));
    }

    @Test
    void a_zombie_that_wins_a_slot_adds_what_is_right_and_the_owner_continues_after_it() {
        try (SegmentDirectorySink zombie = worker()) {
            store(zombie, 0, 0, 2);
            zombie.write(records(0, 2, 4));
            try (SegmentDirectorySink owner = worker()) {
                owner.write(records(0, 2, 7));
                zombie.commit(at(0, 4));

                assertThatThrownBy(() -> owner.commit(at(0, 7))).isInstanceOf(CommitConflict.class);
                owner.abort();
                assertThat(claim(owner)).isEqualTo(both(4, 0));
                store(owner, 0, 4, 7);
            }
            zombie.write(records(0, 4, 5));
            assertThatThrownBy(() -> zombie.commit(at(0, 5))).isInstanceOf(CommitConflict.class);
        }

        assertThat(SegmentsOnDisk.checked(out).values().get(0)).isEqualTo(values(0, 0, 7));
    }

    @Test
    void what_was_won_of_a_commit_that_was_lost_in_part_stays_and_is_reported() {
        try (SegmentDirectorySink first = worker();
                SegmentDirectorySink second = worker()) {
            first.write(records(0, 0, 2));
            first.write(records(1, 0, 3));
            store(second, 1, 0, 1);

            assertThatThrownBy(() -> first.commit(both(2, 3))).isInstanceOf(CommitConflict.class);
            assertThat(first.committedPartitions()).containsExactly(0);
            first.abort();
            assertThat(first.committedPartitions()).isEmpty();
            assertThat(claim(first)).isEqualTo(both(2, 1));
        }

        assertThat(SegmentsOnDisk.checked(out).values()).isEqualTo(Map.of(0, values(0, 0, 2), 1, values(1, 0, 1)));
    }

    /** What a process leaves that dies just after a step: made from what one leaves that does not. */
    private void dieAfter(String step) throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            Results results = records(0, 0, 2);
            results.reject(SegmentRecord.of(0, 1, "bad"), "is bad");
            sink.write(results);
            sink.commit(at(0, 2));
        }
        Path record = chain(0).resolve("00000000000000000000.json");
        String writer = Files.readString(record).replaceAll("(?s).*\"writer\":\"([^\"]*)\".*", "$1");
        String staged = "_kstage/staging/p0/" + FIRST + "-" + writer;
        Files.delete(chain(0).resolve("PUBLISHED/" + FIRST));
        if (step.equals("f")) {
            return;
        }
        Files.move(out.resolve("orders-p0-" + FIRST + ".jsonl"), out.resolve(staged + ".jsonl"));
        Files.createLink(out.resolve(staged + ".json"), record);
        if (step.equals("half f")) {
            return;
        }
        Files.move(
                out.resolve("dead-letter/orders-p0-" + FIRST + ".jsonl"), out.resolve(staged + ".dead-letter.jsonl"));
        if (step.equals("a") || step.equals("b")) {
            Files.delete(record);
        }
        if (step.equals("a")) {
            Files.delete(out.resolve(staged + ".json"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void what_was_not_committed_before_a_crash_never_was(String step) throws IOException {
        dieAfter(step);

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(0, 0));
            store(sink, 0, 0, 5);
            assertThat(claim(sink)).isEqualTo(both(5, 0));
        }
        assertThat(names(out.resolve("_kstage/staging/p0"))).isEmpty();
        assertThat(SegmentsOnDisk.checked(out).values().get(0)).isEqualTo(values(0, 0, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "half f", "f"})
    void what_was_committed_before_a_crash_comes_into_view(String step) throws IOException {
        dieAfter(step);

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(2, 0));
        }
        assertThat(names(out.resolve("_kstage/staging/p0"))).isEmpty();
        assertThat(names(chain(0).resolve("PUBLISHED"))).containsExactly(FIRST);
        assertThat(SegmentsOnDisk.checked(out).values().get(0)).isEqualTo(values(0, 0, 2));
        assertThat(SegmentsOnDisk.checked(out).deadLetters().get(0)).hasSize(1);
    }

    @Test
    void deletes_what_is_staged_for_a_slot_that_is_taken_and_leaves_what_may_still_win() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
        }
        Path staging = out.resolve("_kstage/staging/p0");
        Files.writeString(staging.resolve("00000000000000000000-open-1-abc.jsonl"), "late\n");
        Files.writeString(staging.resolve("00000000000000000002-open-1-abc.jsonl"), "in time\n");

        worker().close();

        assertThat(names(staging)).containsExactly("00000000000000000002-open-1-abc.jsonl");
    }

    @Test
    void has_lost_if_what_it_staged_was_cleaned_away() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            sink.write(records(0, 0, 2));
            Path staging = out.resolve("_kstage/staging/p0");
            for (String each : names(staging)) {
                Files.delete(staging.resolve(each));
            }

            assertThatThrownBy(() -> sink.commit(at(0, 2))).isInstanceOf(CommitConflict.class);
        }
    }

    @Test
    void drops_what_is_aborted() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            sink.write(records(0, 0, 2));
            sink.abort();

            assertThat(names(out.resolve("_kstage/staging/p0"))).isEmpty();
            store(sink, 0, 0, 1);
        }
        assertThat(SegmentsOnDisk.checked(out).values().get(0)).isEqualTo(values(0, 0, 1));
    }

    @Test
    void records_that_a_partition_moved_without_a_record_and_makes_no_file() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            sink.commit(at(0, 9));

            assertThat(claim(sink)).isEqualTo(both(9, 0));
        }
        assertThat(names(out)).containsExactly("_kstage");
        assertThat(SegmentsOnDisk.checked(out).bounds().get(0)).containsExactly(0L, 9L);
    }

    @Test
    void takes_the_same_offset_of_a_newer_leader_for_nothing() {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
            sink.commit(Positions.of(Map.of(0, new Position(2, 9))));

            assertThat(claim(sink)).isEqualTo(both(2, 0));
        }
    }

    @Test
    void lets_another_process_begin_a_partition_first() {
        try (SegmentDirectorySink first = sink(null, null, ORDERS);
                SegmentDirectorySink second = sink(null, null, ORDERS)) {
            assertThat(first.takeOver(Set.of(0))).isEqualTo(Positions.NONE);
            assertThat(second.takeOver(Set.of(0))).isEqualTo(Positions.NONE);
            first.initializeOffsets(at(0, 3));

            assertThatThrownBy(() -> second.initializeOffsets(at(0, 4))).isInstanceOf(CommitConflict.class);
            assertThat(second.takeOver(Set.of(0))).isEqualTo(at(0, 3));
        }
    }

    @Test
    void results_that_came_into_view_may_be_moved_away() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
        }
        Files.delete(out.resolve("orders-p0-" + FIRST + ".jsonl"));

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(2, 0));
        }
        assertThat(names(out)).containsExactly("_kstage");
    }

    @Test
    void refuses_to_continue_if_a_committed_segment_is_lost() throws IOException {
        dieAfter("f");
        Files.delete(out.resolve("orders-p0-" + FIRST + ".jsonl"));

        assertThat(FailureText.by(directory, this::worker)).isEqualTo("""
                        FAILED: DIR/out/orders-p0-00000000000000000000-00000000000000000002.jsonl is missing
                        it was committed, and its staged file in DIR/out/_kstage/staging/p0 is missing too
                        restore it; if you moved it away on purpose, create the empty file DIR/out/_kstage/p0/PUBLISHED/00000000000000000000-00000000000000000002
                        """);

        Files.createFile(chain(0).resolve("PUBLISHED/" + FIRST));
        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(2, 0));
        }
    }

    @Test
    void refuses_a_staged_segment_that_is_torn() throws IOException {
        dieAfter("half f");
        Path staging = out.resolve("_kstage/staging/p0");
        for (String each : names(staging)) {
            if (each.endsWith(".jsonl")) {
                Files.writeString(staging.resolve(each), "{");
            }
        }

        assertThat(FailureText.by(directory, this::worker))
                .contains("has changed since it was committed", "it has 1 bytes");
    }

    @Test
    void walks_on_from_the_watermark_and_does_not_read_what_lies_before_it() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            for (int offset = 0; offset < 5; offset++) {
                store(sink, 0, offset, offset + 1);
            }
        }
        Files.writeString(chain(0).resolve("00000000000000000001.json"), "not read");

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(5, 0));
        }
        assertThat(names(chain(0).resolve("PUBLISHED")))
                .containsExactly(
                        "00000000000000000003-00000000000000000004", "00000000000000000004-00000000000000000005");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "{\"format\":1}", "{\"format\":1,\"unknown\":1}"})
    void refuses_a_commit_record_that_it_did_not_write(String content) throws IOException {
        dieAfter("f");
        Files.writeString(chain(0).resolve("00000000000000000000.json"), content);

        assertThat(FailureText.by(directory, this::worker)).isEqualTo("""
                        FAILED: cannot use DIR/out/_kstage/p0/00000000000000000000.json
                        its content is not what kstage writes
                        restore that file; or store in another directory, which reads the topic from its start
                        """);
    }

    @Test
    void refuses_a_commit_record_of_another_offset() throws IOException {
        dieAfter("f");
        Path record = chain(0).resolve("00000000000000000000.json");
        Files.writeString(record, Files.readString(record).replace("\"from\":0", "\"from\":1"));

        assertThat(FailureText.by(directory, this::worker)).contains("it belongs to another partition or offset");
    }

    @Test
    void refuses_a_watermark_without_its_record() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
        }
        Files.delete(chain(0).resolve("00000000000000000000.json"));

        assertThat(FailureText.by(directory, this::worker)).contains("there is no commit record in DIR/out/_kstage/p0");
    }

    @Test
    void refuses_another_topic() {
        worker().close();

        assertThat(FailureText.by(directory, () -> sink(null, null, new Origin("payments", "id-2"))))
                .isEqualTo("""
                        USAGE: DIR/out holds records of topic orders
                        a directory stores one topic, and this run reads payments
                        store in another directory
                        """);
    }

    @Test
    void refuses_a_topic_that_was_created_again() {
        worker().close();

        assertThat(FailureText.by(directory, () -> sink(null, null, new Origin("orders", "id-2"))))
                .isEqualTo("""
                        USAGE: topic orders is not the topic that DIR/out was filled from
                        the topic was deleted and recreated: its id was id-1 and is id-2
                        store the new topic in another directory
                        """);
    }

    @Test
    void refuses_another_group() {
        sink(null, "etl", ORDERS).close();

        assertThat(FailureText.by(directory, () -> sink(null, "other", ORDERS))).isEqualTo("""
                        USAGE: DIR/out belongs to group etl
                        all workers of a directory use one consumer group, and this run uses other
                        use --group etl or leave out --group; or store in another directory
                        """);
    }

    @Test
    void refuses_a_directory_that_is_not_its_own_and_leaves_it_alone() throws IOException {
        Files.createDirectory(out);
        Files.writeString(out.resolve("precious.txt"), "precious\n");

        assertThat(FailureText.by(directory, () -> sink(null, null, ORDERS))).isEqualTo("""
                        USAGE: DIR/out is not empty
                        DIR/out/precious.txt exists without DIR/out/_kstage/manifest.json, so kstage did not create this directory
                        choose another directory, or a new subdirectory: --to DIR/out/results/
                        """);
        assertThat(names(out)).containsExactly("precious.txt");
    }

    @Test
    void rejects_a_directory_whose_manifest_is_missing() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            sink.commit(at(0, 3));
        }
        Files.delete(out.resolve("_kstage/manifest.json"));

        assertThat(FailureText.by(directory, () -> sink(null, null, ORDERS))).startsWith("USAGE: DIR/out is not empty");
    }

    @Test
    void takes_a_directory_that_a_process_left_which_died_at_its_creation() throws IOException {
        Files.createDirectories(out.resolve("_kstage/staging"));
        Files.writeString(out.resolve("_kstage/staging/manifest-x"), "{");

        try (SegmentDirectorySink sink = worker()) {
            assertThat(claim(sink)).isEqualTo(both(0, 0));
        }
    }

    @Test
    void refuses_a_file_and_a_missing_parent() throws IOException {
        Files.writeString(out, "a file\n");
        assertThat(FailureText.by(directory, () -> sink(null, null, ORDERS)))
                .startsWith("USAGE: DIR/out is not a directory");

        out = directory.resolve("no/out");
        assertThat(FailureText.by(directory, () -> sink(null, null, ORDERS))).isEqualTo("""
                        USAGE: cannot create DIR/no/out
                        there is no directory DIR/no
                        create it first
                        """);
    }

    @Test
    void notices_that_its_directory_was_replaced() throws IOException {
        try (SegmentDirectorySink sink = worker()) {
            Files.move(out, directory.resolve("away"));
            worker().close();

            assertThatThrownBy(() -> claim(sink))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("is not the directory that this run started with");
        }
    }

    @Test
    void keeps_dead_letters_in_a_directory_of_the_users_choice() throws IOException {
        Path bad = directory.resolve("bad");
        try (SegmentDirectorySink sink = sink(bad, null, ORDERS)) {
            claim(sink);
            Results results = new Results();
            results.reject(SegmentRecord.of(0, 0, "bad"), "is bad");
            sink.write(results);
            sink.commit(at(0, 1));
        }

        assertThat(names(bad))
                .containsExactly("_kstage.json", "orders-p0-00000000000000000000-00000000000000000001.jsonl");
        assertThat(Files.readString(chain(0).resolve("00000000000000000000.json")))
                .contains("\"results\":null,\"deadLetters\":{\"file\":\"../bad/orders-p0-");

        try (SegmentDirectorySink sink = sink(bad, null, ORDERS)) {
            claim(sink);
            Results results = new Results();
            results.reject(SegmentRecord.of(0, 1, "bad"), "is bad");
            sink.write(results);
            sink.commit(at(0, 2));
        }
        assertThat(names(bad)).hasSize(3);
        assertThat(FailureText.by(directory, () -> sink(null, null, ORDERS))).isEqualTo("""
                        USAGE: DIR/out has its dead-letter records in DIR/bad
                        anyone who can write to DIR/out/_kstage/manifest.json could have changed that name, so kstage does not use it unconfirmed
                        confirm the directory: --dead-letter DIR/bad
                        """);
        assertThat(FailureText.by(directory, () -> sink(directory.resolve("other"), null, ORDERS)))
                .isEqualTo("""
                        USAGE: DIR/out has its dead-letter records in DIR/bad
                        results and dead-letter records share their commits, so the records can't move to DIR/other
                        use --dead-letter DIR/bad, or store in a new directory
                        """);

        out = directory.resolve("second");
        assertThat(FailureText.by(directory, () -> sink(bad, null, ORDERS))).isEqualTo("""
                        USAGE: DIR/bad has the dead-letter records of another directory
                        DIR/bad/_kstage.json names another directory than DIR/second
                        choose another directory with --dead-letter
                        """);
    }

    @Test
    void refuses_dead_letters_on_another_file_system() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(directory)),
                "there is no second file system at " + memory);
        Path bad = Files.createTempDirectory(memory, "kstage-test");
        try {
            assertThat(FailureText.by(directory, () -> sink(bad, null, ORDERS)))
                    .startsWith("USAGE: " + bad + " can't store the dead-letter records of DIR/out\n"
                            + "hard links don't work in that directory: ");
            assertThat(names(bad)).isEmpty();
        } finally {
            Files.delete(bad);
        }
    }

    @Test
    void refuses_dead_letters_among_results_or_foreign_files() throws IOException {
        assertThat(FailureText.by(directory, () -> sink(out.resolve("bad"), null, ORDERS)))
                .startsWith("USAGE: cannot store dead-letter records in DIR/out/bad");

        Path bad = Files.createDirectory(directory.resolve("bad"));
        Files.writeString(bad.resolve("precious.txt"), "precious\n");
        assertThat(FailureText.by(directory, () -> sink(bad, null, ORDERS))).startsWith("USAGE: DIR/bad is not empty");
    }

    @Test
    void wants_a_commit_once_all_that_is_open_is_large_enough_or_old_enough() {
        try (SegmentDirectorySink sink = worker()) {
            sink.write(records(0, 0, 4));
            assertThat(sink.isCommitDue(Duration.ofMillis(9_999))).isFalse();
            assertThat(sink.isCommitDue(Duration.ofSeconds(10))).isTrue();

            sink.write(records(1, 0, 4));
            assertThat(sink.isCommitDue(Duration.ZERO)).isTrue();

            sink.commit(both(4, 4));
            assertThat(sink.isCommitDue(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void stores_values_larger_than_its_buffer() {
        String large = "\"" + "x".repeat(1 << 20) + "\"";
        try (SegmentDirectorySink sink = worker()) {
            Results results = new Results();
            results.store(SegmentRecord.of(0, 0, large));
            results.store(SegmentRecord.of(1, 0, "1"));
            results.store(SegmentRecord.of(0, 1, large));
            sink.write(results);
            sink.commit(both(2, 1));
        }

        assertThat(SegmentsOnDisk.checked(out).values()).isEqualTo(Map.of(0, List.of(large, large), 1, List.of("1")));
    }

    @Test
    void keeps_names_short_enough_for_a_topic_with_the_longest_name() {
        Origin longest = new Origin("t".repeat(249), "id-1");
        try (SegmentDirectorySink sink = sink(null, null, longest)) {
            claim(sink);
            store(sink, 0, 0, 1);
        }

        assertThat(SegmentsOnDisk.checked(out).values().get(0)).hasSize(1);
    }

    /** Each of its directories is moved away, and a link to another one of the same contents is put in its place. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "_kstage", "_kstage/staging", "_kstage/staging/p0", "_kstage/p0", "_kstage/p0/PUBLISHED"})
    void writes_nothing_through_a_link_that_takes_the_place_of_a_directory(String name) throws IOException {
        Path place = out.resolve(name);
        Path moved = directory.resolve("moved");
        Path victim = directory.resolve("victim");
        try (SegmentDirectorySink sink = worker()) {
            store(sink, 0, 0, 2);
            sink.write(records(0, 2, 3));
            Tree.of(place).write(victim);
            Files.move(place, moved);
            Files.createSymbolicLink(place, victim);
            Tree before = Tree.of(victim);

            assertThatThrownBy(() -> sink.commit(at(0, 3)))
                    .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                            .isEqualTo("another directory or a link has replaced it during the run"));
            sink.abort();
            assertThatThrownBy(() -> sink.write(records(0, 2, 3))).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> sink.takeOver(Set.of(1))).isInstanceOf(Failure.class);

            assertThat(Tree.of(victim).shape()).isEqualTo(before.shape());
        }
        Files.delete(place);
        Files.move(moved, place);
        try (SegmentDirectorySink again = worker()) {
            store(again, 0, 2, 3);
        }
        assertThat(names(out)).hasSize(3);
    }

    @Test
    void writes_nothing_through_a_link_that_takes_the_place_of_the_dead_letters() throws IOException {
        Path letters = out.resolve("dead-letter");
        Path victim = Files.createDirectory(directory.resolve("victim"));
        try (SegmentDirectorySink sink = worker()) {
            rejected(sink, 0);
            sink.commit(at(0, 1));
            rejected(sink, 1);
            Files.move(letters, directory.resolve("moved"));
            Files.createSymbolicLink(letters, victim);

            assertThatThrownBy(() -> sink.commit(at(0, 2))).isInstanceOf(Failure.class);
        }
        assertThat(victim).isEmptyDirectory();
    }

    private static void rejected(SegmentDirectorySink sink, long offset) {
        Results results = new Results();
        results.reject(SegmentRecord.of(0, offset, "x"), "not JSON");
        sink.write(results);
    }
}
