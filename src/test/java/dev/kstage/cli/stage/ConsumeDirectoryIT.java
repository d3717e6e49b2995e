package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SegmentsOnDisk;
import dev.kstage.installed.SharedKafka;
import dev.kstage.sink.directory.SegmentDirectorySink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory of segments: every offset once, whatever dies, sleeps or is started twice. */
@ExtendWith(SharedKafka.class)
final class ConsumeDirectoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeDirectoryIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers()).asProcess();
    }

    private void send(String topic, int partitions, int from, int to) {
        for (int partition = 0; partition < partitions; partition++) {
            kafka.send(
                    topic,
                    partition,
                    IntStream.range(from, to).mapToObj(String::valueOf).toArray(String[]::new));
        }
    }

    private SegmentsOnDisk stored() {
        return SegmentsOnDisk.checked(kstage.file("out"));
    }

    /** Compares with what Kafka's own client reads, partition by partition and in order. */
    private void assertEachOffsetOnce(String topic) {
        Map<Integer, List<String>> expected = new TreeMap<>();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : kafka.read(topic)) {
            expected.computeIfAbsent(record.partition(), number -> new ArrayList<>())
                    .add(KafkaClients.text(record.value()));
        }
        assertThat(stored().values()).isEqualTo(expected);
    }

    private List<String> names(String directory) {
        try (Stream<Path> files = Files.list(kstage.file(directory))) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Test
    void continues_where_it_ended_and_reports_what_it_stored() {
        kafka.createTopic("segments", 2);
        send("segments", 2, 0, 5);
        kafka.send("segments", 1, "no JSON");
        kstage.run("consume", "segments", "--to", "out/").expect(0);
        send("segments", 2, 5, 7);

        JsonNode report = kstage.run("consume", "segments", "--to", "out", "-o", "json")
                .expect(0)
                .report();

        assertThat(report.get("sink").asText()).isEqualTo("out/");
        assertThat(report.get("stored").asLong()).isEqualTo(4);
        assertThat(report.get("positions").toString()).isEqualTo("{\"0\":7,\"1\":8}");
        assertThat(report.get("group").asText()).matches("kstage-out-[0-9a-f]{6}");
        assertThat(stored().bounds()).isEqualTo(Map.of(0, List.of(0L, 5L, 7L), 1, List.of(0L, 6L, 8L)));
        assertThat(stored().values().get(1)).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(stored().deadLetters().get(1)).singleElement().asString().contains("no JSON");
    }

    static Stream<String> steps() {
        return SegmentDirectorySink.FAILPOINTS.stream().filter(each -> !each.equals("directory.d"));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void killed_at_any_step_it_stores_each_offset_once(String step) {
        String topic = "killed-at-" + step;
        kafka.createTopic(topic, 3);
        send(topic, 3, 0, 100);
        String[] consume = {"consume", topic, "--to", "out/", "--group-instance-id", "one", "--roll-every", "1s"};
        kstage.failingAt(step + ":halt").run(consume).expect(137);
        if (!step.equals("directory.g")) {
            send(topic, 3, 100, 200);
            kstage.failingAt(step + "@2:halt").run(consume).expect(137);
        }
        send(topic, 3, 200, 250);

        kstage.run(consume).expect(0);

        assertEachOffsetOnce(topic);
        kstage.run(consume).expect(0);
        IntStream.range(0, 3).forEach(partition -> assertThat(names("out/_kstage/staging/p" + partition))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory.none:halt", "directory.d:halt"})
    void a_slot_that_another_process_took_is_left_to_it(String failpoint) throws IOException {
        String topic = "raced-" + failpoint.replace(':', '-');
        kafka.createTopic(topic, 2);
        send(topic, 2, 0, 10);
        String[] consume = {"consume", topic, "--to", "out/", "--group-instance-id", "one", "--roll-every", "4s"};
        List<String> following = new ArrayList<>(List.of(consume));
        following.add("--follow");
        try (RunningProcess worker = kstage.failingAt(failpoint).start(following.toArray(String[]::new))) {
            Eventually.await(
                    "staging", LIMIT, () -> !names("out/_kstage/staging/p1").isEmpty());
            commitTheFirstThree(topic, 1);
            if (failpoint.startsWith("directory.d")) {
                worker.await().expect(137);
            } else {
                Eventually.await(
                        "the rest", LIMIT, () -> names("out/_kstage/p1").contains("00000000000000000003.json"));
                worker.signal("TERM");
                Outcome outcome = worker.await().expect(143);
                assertThat(outcome.stdout()).contains("consumed 17 records", "17 stored in out/");
            }
        }
        kstage.run(consume).expect(0);

        assertThat(stored().bounds().get(1)).containsExactly(0L, 3L, 10L);
        assertEachOffsetOnce(topic);
    }

    /** Does by hand what a process does that was thought dead and wins a slot. */
    private void commitTheFirstThree(String topic, int partition) throws IOException {
        String name = topic + "-p" + partition + "-00000000000000000000-00000000000000000003.jsonl";
        Files.writeString(kstage.file("out/" + name), "0\n1\n2\n");
        Path draft = kstage.file("draft");
        Files.writeString(draft, """
                {"format":1,"partition":%d,"from":0,"to":3,"leaderEpoch":0,"results":{"file":"%s","lines":3,"bytes":6,"sha256":"%s"},"deadLetters":null,"writer":"1-0123456789ab"}
                """.formatted(partition, name, sha256("0\n1\n2\n")));
        Files.createLink(kstage.file("out/_kstage/p" + partition + "/00000000000000000000.json"), draft);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void three_share_a_directory_and_one_that_sleeps_past_its_session_does_no_harm() {
        int events = 40_000;
        kstage.run("topic", "create", "shared-by-three", "--partitions", "6").expect(0);
        String[] consume = {"consume", "shared-by-three", "--to", "out/", "--follow", "--roll-every", "500ms"};
        try (RunningProcess first = kstage.start(consume);
                RunningProcess second = kstage.start(consume);
                RunningProcess third = kstage.start(consume);
                RunningProcess produce = kstage.start(
                        "produce", "shared-by-three", "--count", String.valueOf(events), "--rate", "1500")) {
            Eventually.await("the first segments", LIMIT, () -> names("out").size() > 6);
            second.signal("STOP");
            // Others have its partitions once every one of them goes on.
            Map<Integer, Integer> before = commits();
            Eventually.await("all partitions to go on without it", LIMIT, () -> commits().entrySet().stream()
                    .allMatch(each -> each.getValue() > before.getOrDefault(each.getKey(), 0) + 2));
            second.signal("CONT");
            first.signal("KILL");
            produce.await().expect(0);
            Eventually.await("the two that are left to be through", LIMIT, () -> ends() == events);
            for (RunningProcess each : List.of(second, third)) {
                each.signal("TERM");
                each.await().expect(143);
            }
        }
        kstage.run("consume", "shared-by-three", "--to", "out/").expect(0);

        assertThat(stored().size()).isEqualTo(events);
        assertEachOffsetOnce("shared-by-three");
    }

    @Test
    void one_that_hears_nothing_is_not_idle_while_another_is_behind() {
        kafka.createTopic("one-for-two", 1);
        kafka.send("one-for-two", 0, "0");
        try (RunningProcess sleeper =
                kstage.start("consume", "one-for-two", "--to", "out/", "--follow", "--roll-every", "100ms")) {
            Eventually.await("the only partition to be taken", LIMIT, () -> ends() == 1);
            sleeper.signal("STOP");
            kafka.send("one-for-two", 0, "1");

            Outcome outcome = kstage.run("consume", "one-for-two", "--to", "out/", "--idle-timeout", "2s")
                    .expect(0);

            assertThat(outcome.stdout()).contains("consumed 1 record", "stopped at: --idle-timeout");
        }
        assertEachOffsetOnce("one-for-two");
    }

    @Test
    void those_that_are_idle_hold_nothing_back_from_each_other() {
        kafka.createTopic("idle-two", 2);
        String[] consume = {"consume", "idle-two", "--to", "out/", "--idle-timeout", "3s", "--roll-every", "8m"};
        try (RunningProcess first = kstage.start(consume);
                RunningProcess second = kstage.start(consume)) {
            Eventually.await("both to join", LIMIT, () -> members("idle-two") == 2);
            send("idle-two", 2, 0, 50);
            first.await().expect(0);
            second.await().expect(0);
        }
        assertEachOffsetOnce("idle-two");
    }

    @Test
    void its_group_shows_the_last_commit_while_it_continues() {
        kafka.createTopic("followed", 1);
        try (RunningProcess running =
                kstage.start("consume", "followed", "--to", "out/", "--follow", "--roll-every", "100ms")) {
            send("followed", 1, 0, 10);
            Eventually.await("the first", LIMIT, () -> ends() == 10);
            send("followed", 1, 10, 20);
            Eventually.await("the rest", LIMIT, () -> ends() == 20);
            Eventually.await(
                    "the group to show it",
                    LIMIT,
                    () -> group("followed").path("lag").asInt(-1) == 0);
            running.signal("TERM");
            running.await().expect(143);
        }
    }

    private JsonNode group(String topic) {
        return kstage.run("topic", "describe", topic, "-o", "json")
                .expect(0)
                .report()
                .at("/groups/0");
    }

    private int members(String topic) {
        return group(topic).path("members").asInt();
    }

    /** How many commit records each partition has. */
    private Map<Integer, Integer> commits() {
        Map<Integer, Integer> commits = new TreeMap<>();
        for (int partition = 0; partition < 6; partition++) {
            commits.put(partition, names("out/_kstage/p" + partition).size());
        }
        return commits;
    }

    /** The sum of the last watermarks, which in a topic without gaps is the number of what is in view. */
    private long ends() {
        return IntStream.range(0, 6)
                .mapToObj(partition -> names("out/_kstage/p" + partition + "/PUBLISHED"))
                .filter(marks -> !marks.isEmpty())
                .mapToLong(marks -> Long.parseLong(marks.get(marks.size() - 1).substring(21)))
                .sum();
    }

    @Test
    void a_disk_without_room_ends_the_run_and_a_later_one_continues() {
        kstage.run("produce", "no_room_in_dir", "--count", "5000", "--partitions", "2")
                .expect(0);

        Outcome full = kstage.shell("ulimit -f 100; kstage consume no_room_in_dir --to out/ --group-instance-id one")
                .expect(1);

        assertThat(full.stderr()).contains("cannot write out", "File too large", "and nothing is lost");
        kstage.run("consume", "no_room_in_dir", "--to", "out/", "--group-instance-id", "one")
                .expect(0);
        assertEachOffsetOnce("no_room_in_dir");
    }

    @Test
    void a_topic_that_was_created_again_and_another_group_are_refused() {
        kafka.createTopic("again", 1);
        kafka.send("again", 0, "1", "2");
        kstage.run("consume", "again", "--to", "out/", "--group", "etl").expect(0);

        assertThat(kstage.run("consume", "again", "--to", "out/", "--group", "other")
                        .expect(2)
                        .stderr())
                .contains("out belongs to group etl");

        kstage.run("topic", "delete", "again").expect(0);
        kafka.createTopic("again", 1);
        assertThat(kstage.run("consume", "again", "--to", "out/").expect(2).stderr())
                .contains("deleted and recreated");
        assertThat(stored().values()).isEqualTo(Map.of(0, List.of("1", "2")));
    }
}
