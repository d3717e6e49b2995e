package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import dev.kstage.profile.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Named pipes and devices where a file is expected: nobody writes to them, and no command waits for that. */
@ExtendWith(SharedKafka.class)
final class PlantedPipeIT {
    // The longest limit of kstage's own is 10 s, and a JVM takes its time.
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Installation kstage;
    private final String topic = "pipes-" + UUID.randomUUID();

    PlantedPipeIT(KafkaClients kafka, @TempDir Path home) {
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
        kafka.createTopic(topic, 1);
        kafka.send(topic, 0, "1");
    }

    private Outcome rejected(String... command) {
        try (RunningProcess process = kstage.start(command)) {
            Outcome outcome = process.await(LIMIT);
            assertThat(outcome.stderr()).as(outcome.command()).contains("\n  why: ");
            assertThat(outcome.code()).as(outcome.command()).isIn(1, 2);
            return outcome;
        }
    }

    @Test
    void in_place_of_the_dead_letters_of_a_file() throws IOException, InterruptedException {
        kstage.run("consume", topic, "--to", "out.jsonl").expect(0);
        Pipe.at(kstage.file("out.dead-letter.jsonl"));

        assertThat(rejected("consume", topic, "--to", "out.jsonl").stderr()).contains("it is not a regular file");
        rejected("verify", "out.jsonl", "--count", "1", "--seed", "1");
        rejected("dead-letter", "list", "out.jsonl");
        rejected("consume", topic, "--to", "new.jsonl", "--dead-letter", "out.dead-letter.jsonl");
        rejected("verify", "out.dead-letter.jsonl", "--count", "1", "--seed", "1");
        rejected("verify", "/dev/zero", "--count", "1", "--seed", "1");
        rejected("dead-letter", "list", "out.dead-letter.jsonl");
    }

    @Test
    void beside_a_database_of_sqlite() throws IOException, InterruptedException {
        kstage.run("consume", topic, "--to", "sqlite:x.db").expect(0);
        Pipe.at(kstage.file("x.db-journal"));
        Pipe.at(kstage.file("pipe.db"));
        kstage.run("consume", topic, "--to", "sqlite:y.db").expect(0);
        Files.delete(kstage.file("y.db.lock"));
        Pipe.at(kstage.file("y.db.lock"));

        assertThat(rejected("consume", topic, "--to", "sqlite:x.db").stderr())
                .contains("x.db-journal: it is not a regular file");
        rejected("verify", "sqlite:x.db", "--count", "1", "--seed", "1");
        rejected("dead-letter", "list", "sqlite:x.db");
        rejected("consume", topic, "--to", "sqlite:pipe.db");
        rejected("consume", topic, "--to", "sqlite:y.db");
    }

    @Test
    void in_place_of_a_report_that_nobody_reads() throws IOException, InterruptedException {
        Pipe.at(kstage.file("pipe"));

        assertThat(rejected("topic", "list", "--report", "pipe").stderr())
                .contains("cannot write pipe", "nobody opened it for reading within 10.0 s");
        assertThat(kstage.shell("(cat pipe >read.json &) ; kstage topic list --report pipe")
                        .expect(0)
                        .stderr())
                .doesNotContain("cannot write");
        rejected("consume", topic, "--to", "pipe");
    }

    @Test
    void in_place_of_what_a_user_names() throws IOException, InterruptedException {
        kstage.run("consume", topic, "--to", "out.jsonl").expect(0);
        Pipe.at(kstage.file("pipe"));

        for (String file : new String[] {"pipe", "/dev/zero"}) {
            rejected("verify", "out.jsonl", "--producer-report", file);
            rejected("consume", topic, "--to", "postgresql://me@127.0.0.1:1/x", "--password-file", file);
        }
        try (RunningProcess process =
                kstage.with("PGPASSFILE", "pipe").start("consume", topic, "--to", "postgresql://me@127.0.0.1:1/x")) {
            assertThat(process.await(LIMIT).expect(2).stderr()).contains("cannot use the password file pipe");
        }
    }
}
