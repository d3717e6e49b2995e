package dev.kstage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kstage.contract.StoreUnderTest.DeadRow;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.proxy.ProxiedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every sink that owns the position. Each case ends by reading back what is stored. */
@ExtendWith(ProxiedKafka.class)
final class SinkContractIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int SMALL = 20;

    private final KafkaClients kafka;
    private Installation kstage;
    private final Path home;
    private final String topic = "t" + System.nanoTime();

    SinkContractIT(ProxiedKafka.Cluster cluster, @TempDir Path home) {
        this.kafka = cluster.clients();
        this.home = home;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    /** Every step of every sink, when it is first reached and when commits follow on commits. */
    static Stream<Arguments> steps() {
        return Arrays.stream(StoreKind.values()).flatMap(kind -> kind.steps().stream()
                .flatMap(step -> Stream.of(Arguments.of(kind, step, 1), Arguments.of(kind, step, 3))));
    }

    static Stream<Arguments> stepsOnce() {
        return steps().filter(each -> each.get()[2].equals(1));
    }

    static Stream<Arguments> stepsOfShared() {
        return steps().filter(each -> ((StoreKind) each.get()[0]).isShared() && each.get()[2].equals(3));
    }

    static Stream<Arguments> stepsOfSingleWriters() {
        return stepsOnce().filter(each -> !((StoreKind) each.get()[0]).isShared());
    }

    static Stream<StoreKind> sharedKinds() {
        return Arrays.stream(StoreKind.values()).filter(StoreKind::isShared);
    }

    private StoreUnderTest store(StoreKind kind) throws IOException {
        StoreUnderTest store = kind.at(Files.createDirectories(home.resolve("room")), kafka, topic);
        for (Map.Entry<String, String> each : store.environment().entrySet()) {
            kstage = kstage.with(each.getKey(), each.getValue());
        }
        return store;
    }

    private Installation withFailpoint(String step, int nth, String action) {
        return withFailpoints(step + "@" + nth + ":" + action);
    }

    private Installation withFailpoints(String failpoints) {
        return kstage.with("JDK_JAVA_OPTIONS", "-Dkstage.failpoint=" + failpoints);
    }

    /** Commits follow soon on each other, and so does the end of a session on the death of its process. */
    private String[] consume(StoreUnderTest store, String... more) {
        List<String> words = new ArrayList<>(List.of("consume", topic, "--to", store.place()));
        words.addAll(store.options());
        words.addAll(List.of("-X", "session.timeout.ms=1500", "-X", "heartbeat.interval.ms=300"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0} {1}@{2}")
    @MethodSource("steps")
    @Execution(ExecutionMode.CONCURRENT)
    void killed_at_any_step_the_same_command_continues(StoreKind kind, String step, int nth) throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);

        try (Events.Flow flow = events.flow()) {
            withFailpoint(step, nth, "halt").run(consume(store, "--follow")).expect(137);
        }
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @ParameterizedTest(name = "{0} {1}@{2}")
    @MethodSource("stepsOnce")
    @Execution(ExecutionMode.CONCURRENT)
    void failed_at_any_step_the_same_command_continues(StoreKind kind, String step, int nth) throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);

        Outcome failed;
        try (Events.Flow flow = events.flow()) {
            failed = withFailpoint(step, nth, "error").run(consume(store, "--max-time", "6s"));
        }
        // A sink may take the failure for one that passes, and go on by itself.
        assertThat(failed.code()).as(failed::toString).isIn(0, 1, 4);
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @ParameterizedTest(name = "{0} {1}@{2}")
    @MethodSource("stepsOfShared")
    @Execution(ExecutionMode.CONCURRENT)
    void a_zombie_that_wakes_after_another_did_its_work_stores_nothing_twice_and_works_on(
            StoreKind kind, String step, int nth) throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);
        Path asleep = home.resolve("asleep");

        try (Events.Flow flow = events.flow();
                RunningProcess zombie =
                        withFailpoint(step, nth, "pause=" + asleep).start(consume(store, "--follow"))) {
            Eventually.await("the zombie to stop", SOON, () -> Files.exists(asleep));
            zombie.signal("STOP");
            try (RunningProcess replacement = kstage.start(consume(store, "--follow"))) {
                Events.awaitMore(store, replacement);
                Files.delete(asleep);
                zombie.signal("CONT");
                Events.awaitMore(store, replacement);
                replacement.signal("TERM");
                replacement.await().expect(143);
            }
            Events.awaitMore(store, zombie);
            zombie.signal("TERM");
            zombie.await().expect(143);
        }
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @ParameterizedTest(name = "{0} {1}@{2}")
    @MethodSource("stepsOfSingleWriters")
    @Execution(ExecutionMode.CONCURRENT)
    void a_zombie_keeps_a_second_writer_out_and_works_on(StoreKind kind, String step, int nth) throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);
        Path asleep = home.resolve("asleep");

        try (Events.Flow flow = events.flow();
                RunningProcess zombie =
                        withFailpoint(step, nth, "pause=" + asleep).start(consume(store, "--follow"))) {
            Eventually.await("the zombie to stop", SOON, () -> Files.exists(asleep));
            Outcome second = kstage.run(consume(store)).expect(4);
            assertThat(second.stderr())
                    .contains("has another writer")
                    .containsAnyOf("process " + zombie.pid() + " is writing to it", "a SQLite file has one writer");
            Files.delete(asleep);
            Events.awaitMore(store, zombie);
            zombie.signal("TERM");
            zombie.await().expect(143);
        }
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void killed_when_it_has_just_lost_a_race_a_directory_holds_each_record_once() throws IOException {
        StoreUnderTest store = store(StoreKind.DIRECTORY);
        Events events = new Events(kafka, topic, SMALL);
        Path asleep = home.resolve("asleep");

        try (Events.Flow flow = events.flow();
                RunningProcess zombie = withFailpoints(
                                "directory.b@4:pause=" + asleep + "," + StoreKind.LOST_RACE_OF_DIRECTORY + ":halt")
                        .start(consume(store, "--follow"))) {
            Eventually.await("the zombie to stop", SOON, () -> Files.exists(asleep));
            zombie.signal("STOP");
            try (RunningProcess replacement = kstage.start(consume(store, "--follow"))) {
                Events.awaitMore(store, replacement);
                Files.delete(asleep);
                zombie.signal("CONT");
                zombie.await().expect(137);
                Events.awaitMore(store, replacement);
            }
        }
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @ParameterizedTest
    @MethodSource("sharedKinds")
    @Execution(ExecutionMode.CONCURRENT)
    void two_at_once_store_each_record_once(StoreKind kind) throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);

        try (Events.Flow flow = events.flow();
                RunningProcess first = kstage.start(consume(store, "--follow"));
                RunningProcess second = kstage.start(consume(store, "--follow"))) {
            Events.awaitMore(store, first);
            Events.awaitMore(store, second);
            first.signal("TERM");
            first.await().expect(143);
            Events.awaitMore(store, second);
            second.signal("TERM");
            second.await().expect(143);
        }
        kstage.run(consume(store)).expect(0);

        events.assertEachOnceIn(store);
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void a_topic_that_was_created_again_is_refused_and_nothing_is_stored(StoreKind kind)
            throws IOException, InterruptedException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);
        events.send(4);
        kstage.run(consume(store)).expect(0);
        List<StoreUnderTest.Row> before = store.rows();
        createAgain();
        events.send(9);

        Outcome refused = kstage.run(consume(store)).expect(2);

        assertThat(refused.stderr()).contains("topic " + topic).containsPattern("was deleted and (re)?created");
        assertThat(before).hasSize(4 * Events.PARTITIONS);
        assertThat(store.rows()).isEqualTo(before);
    }

    private void createAgain() {
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.deleteTopics(List.of(topic)).all());
            Eventually.await("the topic to be gone", SOON, () -> !KafkaClients.get(
                            admin.listTopics().names())
                    .contains(topic));
            KafkaClients.get(admin.createTopics(List.of(new NewTopic(topic, Events.PARTITIONS, (short) 1)))
                    .all());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void records_that_were_deleted_before_they_were_read_are_named_and_nothing_is_skipped(StoreKind kind)
            throws IOException {
        StoreUnderTest store = store(kind);
        Events events = new Events(kafka, topic, SMALL);
        events.send(4);
        kstage.run(consume(store)).expect(0);
        List<StoreUnderTest.Row> before = store.rows();
        events.send(8);
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.deleteRecords(IntStream.range(0, Events.PARTITIONS)
                            .boxed()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(topic, partition),
                                    partition -> RecordsToDelete.beforeOffset(10))))
                    .all());
        }

        Outcome stopped = kstage.run(consume(store)).expect(1);

        assertThat(stopped.stderr()).contains("offsets 4 to 9 were deleted", "10 is the first that is left");
        assertThat(before).hasSize(4 * Events.PARTITIONS);
        assertThat(store.rows()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"FILE", "DIRECTORY", "SQLITE", "POSTGRESQL"})
    @Execution(ExecutionMode.CONCURRENT)
    void a_full_disk_ends_the_run_and_once_there_is_room_the_same_command_continues(StoreKind kind) throws IOException {
        StoreUnderTest store = store(kind);
        Path room = Objects.requireNonNull(store.room(), "that of a place on this machine");
        assumeTrue(SmallDisk.isPossible(room), "this process may not mount a file system");
        Events events = new Events(kafka, topic, 1_000);
        events.send(10);

        try (SmallDisk disk = SmallDisk.over(room);
                StoreUnderTest.Room inUse = store.moveIn()) {
            kstage.run(consume(store)).expect(0);
            events.send(200);
            disk.fill();

            Outcome full = kstage.run(consume(store)).expect(1);

            assertThat(full.stderr()).containsAnyOf("No space left", "full", "free some space");
            assertThat(full.stderr()).contains("run the same command again");
            disk.clear();
            kstage.run(consume(store)).expect(0);
            events.assertEachOnceIn(store);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void what_is_no_record_lands_in_the_dead_letters_with_its_reason_and_stops_nothing(StoreKind kind)
            throws IOException {
        StoreUnderTest store = store(kind);
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", String.valueOf(16 << 20)))))
                    .all());
        }
        String large = "{\"p\":0,\"n\":4,\"pad\":\"" + "x".repeat(10_000_000) + "\"}";
        send(Arrays.asList(
                KafkaClients.bytes("{\"p\":0,\"n\":0}"),
                new byte[] {'"', (byte) 0xff, '"'},
                KafkaClients.bytes("{\"p\":0,"),
                null,
                KafkaClients.bytes(large),
                KafkaClients.bytes("[".repeat(10_000) + "]".repeat(10_000)),
                KafkaClients.bytes("{\"p\":0,\"n\":6}")));

        kstage.run(consume(store)).expect(0);

        assertThat(store.rows().stream().map(StoreUnderTest.Row::value))
                .containsExactly("{\"p\":0,\"n\":0}", large, "{\"p\":0,\"n\":6}");
        assertThat(store.deadLetters()).extracting(DeadRow::partition).containsOnly(0);
        assertThat(store.deadLetters()).extracting(DeadRow::offset).containsExactlyInAnyOrder(1L, 2L, 3L, 5L);
        Map<Long, String> reasons =
                store.deadLetters().stream().collect(Collectors.toMap(DeadRow::offset, DeadRow::reason));
        assertThat(reasons.get(1L)).isEqualTo("not UTF-8 at byte 1");
        assertThat(reasons.get(2L)).startsWith("not JSON: ");
        assertThat(reasons.get(3L)).isEqualTo("no value (a tombstone)");
        assertThat(reasons.get(5L)).startsWith("not JSON: ").contains("depth");
    }

    private void send(List<byte @Nullable []> values) {
        List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (byte[] value : values) {
            records.add(new ProducerRecord<>(topic, 0, null, value));
        }
        kafka.send(records, Map.of("max.request.size", String.valueOf(16 << 20)));
    }
}
