package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Lines of an input that have no key, where one is taken from a field. */
@ExtendWith(SharedKafka.class)
final class KeyIfMissingIT {
    private static final int LINES = 4_000;
    private static final String DEAD_LETTERS = "in.jsonl.dead-letters.jsonl";

    private final Installation kstage;
    private final KafkaClients kafka;

    KeyIfMissingIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    private void input(List<String> lines) {
        Installation.write(kstage.file("in.jsonl"), String.join("\n", lines) + "\n");
    }

    private List<Integer> linesOfDeadLetters() {
        return Installation.linesOf(kstage.file(DEAD_LETTERS)).stream()
                .map(each -> Outcome.json(each).get("line").asInt())
                .toList();
    }

    private static String line(int number) {
        return (number % 10 == 0 ? "{\"no\":" : "{\"id\":") + number + "}";
    }

    @Test
    void a_run_that_is_killed_and_continues_has_each_dead_letter_once() throws IOException {
        kafka.createTopic("keyless-run", 2);
        input(IntStream.rangeClosed(1, LINES).mapToObj(KeyIfMissingIT::line).toList());
        String[] command = {
            "produce",
            "keyless-run",
            "--from=in.jsonl",
            "--key-from=id",
            "--key-if-missing=dead-letter",
            "--run-id=k1",
            "--rate=2000",
            "-ojson"
        };
        for (String failpoint : List.of("produce.committed@2", "produce.offsets@3", "produce.sent@2")) {
            kstage.failingAt(failpoint + ":halt").run(command).expect(137);
        }

        Outcome outcome = kstage.run(command).expect(0);

        assertThat(kafka.values("keyless-run"))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, LINES)
                        .filter(each -> each % 10 != 0)
                        .mapToObj(KeyIfMissingIT::line)
                        .toList());
        assertThat(linesOfDeadLetters())
                .isEqualTo(IntStream.rangeClosed(1, LINES / 10)
                        .mapToObj(each -> each * 10)
                        .toList());
        assertThat(Installation.linesOf(kstage.file(DEAD_LETTERS)).get(0))
                .isEqualTo(
                        "{\"runId\":\"k1\",\"input\":\"in.jsonl\",\"line\":10,\"reason\":\"no key \\\"id\\\": the value"
                                + " has no field \\\"id\\\"\",\"text\":\"{\\\"no\\\":10}\"}");
        JsonNode report = outcome.report();
        assertThat(report.get("records").asLong()).isEqualTo(LINES - LINES / 10);
        assertThat(report.get("deadLettered").asLong()).isEqualTo(LINES / 10);
        assertThat(report.get("keyIfMissing").asText()).isEqualTo("dead-letter");
        assertThat(report.get("deadLetterFile").asText()).endsWith(DEAD_LETTERS);

        // Once it is finished the file is the user's.
        Files.delete(kstage.file(DEAD_LETTERS));
        assertThat(kstage.run(command).expect(0).stdout()).isEqualTo(outcome.stdout());
        assertThat(kstage.file(DEAD_LETTERS)).doesNotExist();

        kstage.run("consume", "keyless-run", "--to", "out.jsonl").expect(0);
        String[] verify = {"verify", "out.jsonl", "--run-id=k1", "--from=in.jsonl", "--key-from=id"};
        assertThat(kstage.run(verify).expect(2).stderr()).contains("cannot use --key-if-missing fail");
        kstage.run(verify[0], verify[1], verify[2], verify[3], verify[4], "--key-if-missing=dead-letter")
                .expect(0);
    }

    @Test
    void a_run_that_fails_at_a_line_has_sent_what_is_before_and_continues_there() {
        kafka.createTopic("keyless-fail", 1);
        input(List.of(line(1), "", line(2), line(10), line(3)));
        String[] command = {"produce", "keyless-fail", "--from=in.jsonl", "--key-from=id", "--run-id=k2", "-ojson"};

        Outcome failed = kstage.run(command).expect(1);

        assertThat(failed.stderr())
                .contains(
                        "line 4 of in.jsonl has no key \"id\"",
                        "the value has no field \"id\"",
                        "all lines before it are sent");
        assertThat(failed.report().get("records").asLong()).isEqualTo(2);
        assertThat(kafka.values("keyless-fail")).containsExactly(line(1), line(2));

        input(List.of(line(1), "", line(2), line(11), line(3)));
        assertThat(kstage.run(command).expect(0).report().get("records").asLong())
                .isEqualTo(4);
        assertThat(kafka.values("keyless-fail")).containsExactly(line(1), line(2), line(11), line(3));
    }

    @Test
    void without_an_id_they_are_sent_without_a_key_or_added_to_a_file() {
        kafka.createTopic("keyless-null", 1);
        String[] input = {"produce", "keyless-null", "--from=-", "--key-from=id"};
        kstage.runWithInput("no JSON\n{\"id\":1}\n", input[0], input[1], input[2], input[3], "--key-if-missing=null")
                .expect(0);
        assertThat(kafka.read("keyless-null"))
                .extracting(each -> each.key() == null ? null : KafkaClients.text(each.key()))
                .containsExactly(null, "1");

        String[] aside = {input[0], input[1], input[2], input[3], "--key-if-missing=dead-letter", "--dead-letter=bad"};
        for (int run = 0; run < 2; run++) {
            assertThat(kstage.runWithInput("no JSON\n{\"id\":2}\n", aside)
                            .expect(0)
                            .stdout())
                    .contains("produced 1 record to keyless-null", ", 1 dead-letter record in " + kstage.file("bad"));
        }
        assertThat(Installation.linesOf(kstage.file("bad"))).hasSize(2);
        assertThat(kstage.runWithInput(
                                "{\"value\":1}\n{\"value\":1,\"partition\":1}\n",
                                input[0],
                                input[1],
                                input[2],
                                "--format=json")
                        .expect(2)
                        .stderr())
                .contains("there is no partition 1", "it is the partition of line 2 of standard input");
        assertThat(kstage.run("produce", "keyless-null", "--key-if-missing=null")
                        .expect(2)
                        .stderr())
                .contains("cannot use --key-if-missing without --key-from");
    }
}
