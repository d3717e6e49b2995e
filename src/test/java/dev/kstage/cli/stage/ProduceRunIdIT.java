package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import dev.kstage.kafka.exactlyonce.ResumableTopicSink;
import dev.kstage.source.template.UserEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run with an id: killed anywhere and run again, each of its events is in the topic once. */
@ExtendWith(SharedKafka.class)
final class ProduceRunIdIT {
    private static final int EVENTS = 3_000;

    private final Installation kstage;
    private final KafkaClients kafka;

    ProduceRunIdIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    private static List<String> events(long seed, int count) {
        UserEvents events = new UserEvents(seed);
        return LongStream.range(0, count)
                .mapToObj(i -> events.event(i).value().toString())
                .sorted()
                .toList();
    }

    private List<String> stored(String topic) {
        return kafka.values(topic).stream().sorted().toList();
    }

    private Outcome killedAt(String failpoint, String... arguments) {
        return kstage.failingAt(failpoint + ":halt").run(arguments);
    }

    static Stream<String> failpoints() {
        // The first transaction has the checkpoint alone, the second has records.
        return ResumableTopicSink.FAILPOINTS.stream().flatMap(name -> Stream.of(name, name + "@2"));
    }

    @ParameterizedTest
    @MethodSource("failpoints")
    void killed_at_a_step_it_continues(String failpoint) {
        String topic = "run-" + failpoint.replace('@', '-');
        kafka.createTopic(topic, 3);
        String[] command = {
            "produce", topic, "--count", "" + EVENTS, "--seed", "5", "--run-id", topic, "--rate", "2000", "-o", "json"
        };
        killedAt(failpoint, command).expect(137);

        JsonNode report = kstage.run(command).expect(0).report();

        assertThat(stored(topic)).isEqualTo(events(5, EVENTS));
        assertThat(report.get("records").asLong()).isEqualTo(EVENTS);
        assertThat(report.get("runId").asText()).isEqualTo(topic);
    }

    @Test
    void a_finished_run_does_nothing_and_prints_the_same_report() {
        kafka.createTopic("finished", 2);
        String[] command = {"produce", "finished", "--count", "500", "--run-id", "daily 1", "-o", "json"};
        Outcome first = kstage.run(command).expect(0);
        Outcome second = kstage.run(command).expect(0);

        assertThat(second.stdout()).isEqualTo(first.stdout());
        assertThat(second.stderr()).contains("run daily 1 is already finished");
        assertThat(kafka.values("finished")).hasSize(500);
    }

    @Test
    void another_parameter_is_refused_and_named() {
        kafka.createTopic("differing", 1);
        kstage.run("produce", "differing", "--count", "10", "--seed", "1", "--run-id", "differing")
                .expect(0);

        Outcome refused = kstage.run(
                        "produce", "differing", "--count", "11", "--seed", "2", "--key", "k", "--run-id", "differing")
                .expect(2);

        assertThat(refused.stderr())
                .contains(
                        "run differing was begun with other parameters",
                        "--count was 10 and is 11; --key is another one (only a digest of its old value is kept);"
                                + " --seed was 1 and is 2");
        assertThat(kafka.values("differing")).hasSize(10);
    }

    @Test
    void another_topic_is_refused_and_the_run_stays_as_it_is() {
        kafka.createTopic("run-here", 1);
        kafka.createTopic("run-there", 1);
        String[] here = {"produce", "run-here", "--count", "10", "--seed", "1", "--run-id", "one-topic"};
        kstage.run(here).expect(0);
        kstage.run(here).expect(0);

        Outcome refused = kstage.run("produce", "run-there", "--count", "10", "--seed", "1", "--run-id", "one-topic")
                .expect(2);

        assertThat(refused.stderr())
                .contains(
                        "run one-topic was begun with another topic",
                        "it is for topic run-here, and not for run-there");
        assertThat(kafka.values("run-there")).isEmpty();
        kstage.run("produce", "run-nowhere", "--count", "10", "--seed", "1", "--run-id", "one-topic")
                .expect(2);
        assertThat(kstage.run("topic", "describe", "run-nowhere").expect(1).stderr())
                .contains("run-nowhere");
        assertThat(kstage.run(here).expect(0).stderr()).contains("run one-topic is already finished");
    }

    @Test
    void a_second_start_takes_the_run_over() {
        kafka.createTopic("twice", 2);
        String[] command = {"produce", "twice", "--count", "12000", "--seed", "3", "--run-id", "twice"};
        String[] slow =
                Stream.concat(Stream.of(command), Stream.of("--rate", "1500")).toArray(String[]::new);
        try (RunningProcess first = kstage.start(slow)) {
            Eventually.await(
                    "the first to send",
                    Duration.ofSeconds(30),
                    () -> kafka.values("twice").size() > 1_000);
            kstage.run(command).expect(0);

            assertThat(first.await().expect(4).stderr()).contains("run twice goes on elsewhere");
        }
        assertThat(stored("twice")).isEqualTo(events(3, 12_000));
    }

    @Test
    void killed_ten_times_at_random_it_sends_each_event_once(TestReporter reporter) {
        long seed = Long.getLong("kstage.test.seed", System.nanoTime() % 1_000_000);
        reporter.publishEntry("seed", String.valueOf(seed));
        Random random = new Random(seed);
        kafka.createTopic("random-kills", 3);
        String[] command = {"produce", "random-kills", "--count", "200000", "--seed", "9", "--run-id", "random-kills"};
        String[] paced =
                Stream.concat(Stream.of(command), Stream.of("--rate", "20000")).toArray(String[]::new);
        for (int kill = 0; kill < 10; kill++) {
            try (RunningProcess produce = kstage.start(paced)) {
                Eventually.await("a connection", Duration.ofSeconds(30), () -> !produce.stderr()
                        .isEmpty());
                if (!produce.endsWithin(Duration.ofMillis(200 + random.nextInt(2_500)))) {
                    produce.signal("KILL");
                }
            }
        }
        kstage.run(command).expect(0);

        assertThat(stored("random-kills")).isEqualTo(events(9, 200_000));
    }

    @Test
    void a_file_continues_at_the_line_where_it_was_left() {
        kafka.createTopic("file-run", 2);
        List<String> lines =
                IntStream.range(0, 4_000).mapToObj(i -> "{\"line\":" + i + "}").toList();
        Installation.write(kstage.file("in.jsonl"), String.join("\n\n", lines) + "\n");
        String[] command = {
            "produce", "file-run", "--from", "in.jsonl", "--run-id", "f1", "--rate", "2000", "-o", "json"
        };
        killedAt("produce.committed@2", command).expect(137);
        int before = kafka.values("file-run").size();
        killedAt("produce.offsets@2", command).expect(137);

        JsonNode report = kstage.run(command).expect(0).report();

        assertThat(before).isBetween(1, 3_999);
        assertThat(stored("file-run")).isEqualTo(lines.stream().sorted().toList());
        assertThat(report.get("records").asLong()).isEqualTo(4_000);
        assertThat(report.get("skipped").asLong()).isEqualTo(3_999);
    }

    @Test
    void a_file_that_changed_where_it_was_sent_is_refused() {
        kafka.createTopic("changed", 1);
        List<String> lines = new ArrayList<>(
                IntStream.range(0, 4_000).mapToObj(i -> "line " + i).toList());
        Installation.write(kstage.file("in.txt"), String.join("\n", lines) + "\n");
        String[] command = {"produce", "changed", "--from", "in.txt", "--run-id", "f2", "--rate", "2000"};
        killedAt("produce.committed@2", command).expect(137);
        int before = kafka.values("changed").size();
        lines.set(3, "line X");
        Installation.write(kstage.file("in.txt"), String.join("\n", lines) + "\n");

        Outcome refused = kstage.run(command).expect(2);

        assertThat(refused.stderr()).contains("the input of the run has changed");
        assertThat(kafka.values("changed")).hasSize(before);
    }

    @Test
    void a_start_with_another_file_leaves_the_one_at_work_alone() {
        kafka.createTopic("other-file", 1);
        Installation.write(kstage.file("in.txt"), "a line\n".repeat(9_000));
        try (RunningProcess first =
                kstage.start("produce", "other-file", "--from", "in.txt", "--run-id", "f4", "--rate", "1500")) {
            Eventually.await(
                    "the first to send",
                    Duration.ofSeconds(30),
                    () -> kafka.values("other-file").size() > 1_000);
            Installation.write(kstage.file("next.txt"), "B line\n".repeat(9_000));
            kstage.shell("mv next.txt in.txt").expect(0);

            assertThat(kstage.run("produce", "other-file", "--from", "in.txt", "--run-id", "f4")
                            .expect(2)
                            .stderr())
                    .contains("the input of the run has changed");
            first.await().expect(0);
        }
        assertThat(stored("other-file")).hasSize(9_000).containsOnly("a line");
    }

    @Test
    void a_partition_that_is_not_there_does_not_use_up_the_id() {
        kafka.createTopic("one-partition", 1);
        String[] command = {"produce", "one-partition", "--count", "5", "--run-id", "p1", "--partition"};

        assertThat(kstage.run(with(command, "9")).expect(2).stderr()).contains("there is no partition 9");
        kstage.run(with(command, "0")).expect(0);
    }

    private static String[] with(String[] command, String more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void a_finished_run_of_a_file_that_has_grown_is_refused() {
        kafka.createTopic("grown", 1);
        Installation.write(kstage.file("in.txt"), "a\nb\n");
        String[] command = {"produce", "grown", "--from", "in.txt", "--run-id", "f3"};
        kstage.run(command).expect(0);
        kstage.run(command).expect(0);
        Installation.write(kstage.file("in.txt"), "a\nb\nc\n");

        assertThat(kstage.run(command).expect(2).stderr()).contains("it has grown since the run was finished");
        assertThat(kafka.values("grown")).containsExactly("a", "b");
    }

    @Test
    void standard_input_is_refused() {
        Outcome refused = kstage.runWithInput("a\n", "produce", "t", "--from", "-", "--run-id", "x")
                .expect(2);

        assertThat(refused.stderr()).contains("--run-id needs an input that can be read again");
    }

    /** However the last attempt ended, and however often it is tried. */
    @ParameterizedTest
    @EnumSource(LastAttempt.class)
    void a_run_whose_checkpoint_is_gone_is_refused(LastAttempt last) {
        String topic = "gone-" + last.name().toLowerCase(Locale.ROOT);
        kafka.createTopic(topic, 1);
        String[] command = {"produce", topic, "--count", "3000", "--seed", "5", "--run-id", topic};
        switch (last) {
            case FINISHED -> kstage.run(command).expect(0);
            case FINISHED_AGAIN -> {
                kstage.run(command).expect(0);
                kstage.run(command).expect(0);
            }
            case REFUSED -> {
                kstage.run(command).expect(0);
                kstage.run("produce", topic, "--count", "3000", "--seed", "6", "--run-id", topic)
                        .expect(2);
            }
            case KILLED -> killWhileItSends(topic, command);
        }
        try (var admin = kafka.admin()) {
            KafkaClients.get(
                    admin.deleteConsumerGroups(List.of("kstage.run." + topic)).all());
        }
        int before = kafka.values(topic).size();

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(kstage.run(command).expect(1).stderr())
                    .contains("how far run " + topic + " came is not known any more");
        }
        assertThat(kafka.values(topic)).hasSize(before);
    }

    private enum LastAttempt {
        FINISHED,
        FINISHED_AGAIN,
        REFUSED,
        KILLED
    }

    private void killWhileItSends(String topic, String... command) {
        String[] slow =
                Stream.concat(Stream.of(command), Stream.of("--rate", "300")).toArray(String[]::new);
        try (RunningProcess first = kstage.start(slow)) {
            Eventually.await("some events", Duration.ofSeconds(60), () -> !kafka.values(topic)
                    .isEmpty());
            first.signal("KILL");
            first.await().expect(137);
        }
    }

    @Test
    void a_start_that_is_refused_leaves_the_run_that_is_at_work_alone() {
        kafka.createTopic("at-work", 1);
        String[] command = {"produce", "at-work", "--count", "1500", "--seed", "5", "--run-id", "at-work"};
        String[] slow =
                Stream.concat(Stream.of(command), Stream.of("--rate", "300")).toArray(String[]::new);
        try (RunningProcess first = kstage.start(slow)) {
            Eventually.await("some events", Duration.ofSeconds(60), () -> !kafka.values("at-work")
                    .isEmpty());

            kstage.run("produce", "at-work", "--count", "1500", "--seed", "6", "--run-id", "at-work")
                    .expect(2);

            first.await().expect(0);
        }
        assertThat(kafka.values("at-work")).hasSize(1500);
    }

    @Test
    void describe_shows_no_run_as_a_consumer() {
        kafka.createTopic("described-run", 1);
        kstage.run("produce", "described-run", "--count", "10", "--run-id", "d").expect(0);

        JsonNode groups = kstage.run("topic", "describe", "described-run", "-o", "json")
                .expect(0)
                .report()
                .get("groups");

        assertThat(groups).isEmpty();
    }
}
