package dev.kstage.cli;

import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.OwnKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told where the first hello works, and the address that the broker advertises does not. */
final class ListenerIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Installation kstage;

    ListenerIT(@TempDir Path home) {
        this.kstage = Installation.in(home);
    }

    /** As in a container environment: one listener for the network inside, one for this side. */
    @Test
    void every_command_names_the_listener_that_works_where_a_name_is_of_another_network() {
        int inside = OwnKafka.freePort();
        try (OwnKafka kafka = OwnKafka.start(inside, "kafka.invalid:9092", Map.of())) {
            String outside = kafka.clients().bootstrapServers();
            Installation here = kstage.at("localhost:" + inside);
            for (List<String> command : List.of(
                    List.of("topic", "list"),
                    List.of("topic", "create", "events"),
                    List.of("topic", "describe", "events"),
                    List.of("topic", "delete", "events", "--yes"),
                    List.of("produce", "events", "--count", "5"),
                    List.of("produce", "events", "--count", "5", "--run-id", "first"),
                    List.of("consume", "events"),
                    List.of("consume", "events", "--to", "out.jsonl"),
                    List.of("consume", "events", "--to", "out/"),
                    List.of("consume", "events", "--to", "out.db"),
                    List.of("consume", "events", "--to", "kafka:other"),
                    List.of("verify", "events", "--seed", "1", "--count", "5", "--stored", "kafka:events"),
                    List.of("dead-letter", "replay", "kafka:letters"),
                    List.of("smoke"))) {
                Outcome outcome = here.run(command.toArray(String[]::new)).expect(4);

                System.err.println(outcome);
            }
        }
    }
}
