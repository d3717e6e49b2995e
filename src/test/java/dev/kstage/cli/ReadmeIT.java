package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.DedicatedKafka.Listener;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.Readme;
import dev.kstage.installed.Readme.Command;
import dev.kstage.installed.Readme.Section;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each command of README.md and of the pages that it leads to, as it stands there, and what it is shown to print. Only
 * what is the reader's own is replaced: the servers' addresses. A section that is new there is run as it is, and fails
 * if that is not enough.
 */
@ExtendWith(SharedPostgres.class)
final class ReadmeIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Listener IN_CONTAINERS = Listener.advertising("CONTAINERS", "kafka:9092");
    private static final DedicatedKafka KAFKA = DedicatedKafka.start(List.of(IN_CONTAINERS), Map.of());

    private final PostgresServer postgres;
    private final Path home;

    ReadmeIT(PostgresServer postgres, @TempDir Path home) {
        this.postgres = postgres;
        this.home = home;
    }

    @AfterAll
    static void stop() {
        KAFKA.close();
    }

    @TestFactory
    Stream<DynamicTest> commands_of() {
        return Readme.sections().stream()
                // ComposeContainerIT has its commands.
                .filter(section -> !section.title().equals("In containers"))
                .map(section -> DynamicTest.dynamicTest(section.page() + ": " + section.title(), () -> run(section)));
    }

    private void run(Section section) {
        Installation alone = Installation.in(home.resolve(section.title().replaceAll("\\W", "-")))
                .asProcess();
        Installation kstage =
                switch (section.title()) {
                    case "Two commands", "The pipeline", "A first pipeline", "Smoke test", "Chaos test" -> alone;
                    default ->
                        alone.at(KAFKA.clients().bootstrapServers())
                                .with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
                };
        prepare(section.title(), kstage);
        StringBuilder exports = new StringBuilder();
        for (Command command : section.commands()) {
            if (command.text().startsWith("export ")) {
                exports.append(here(section, command.text())).append('\n');
            } else if (command.text().startsWith("scripts/") && !command.text().startsWith("scripts/kstage ")) {
                // Such as the one that runs this test.
                assertThat(Path.of(command.text().replaceFirst("\\s.*", ""))).isExecutable();
            } else if (command.text().contains(" --follow ")) {
                follow(kstage, command.text());
            } else {
                run(kstage, exports + here(section, command.text()), command);
            }
        }
    }

    /** The command for the servers that are here. */
    private String here(Section section, String command) {
        String server = KAFKA.clients().bootstrapServers();
        Map<String, String> replaced = new LinkedHashMap<>();
        replaced.put("scripts/kstage ", "kstage ");
        replaced.put("kstage env up ", "kstage env up --port 0 ");
        replaced.put("localhost:29092", server);
        replaced.put("localhost:9092", section.title().startsWith("Which listener") ? IN_CONTAINERS.address() : server);
        replaced.put("kafka:9092", server);
        replaced.put("postgresql://etl@db.example.com/shop", postgres.url("readme"));
        String here = command;
        for (Map.Entry<String, String> each : replaced.entrySet()) {
            here = here.replace(each.getKey(), each.getValue());
        }
        return here;
    }

    private void prepare(String section, Installation kstage) {
        String server = KAFKA.clients().bootstrapServers();
        switch (section) {
            case "Existing connections" -> {
                Installation.write(
                        kstage.file("connections.json"),
                        "{\"kafka_default\": {\"conn_type\": \"kafka\", \"extra\": \"{\\\"bootstrap.servers\\\": \\\""
                                + server + "\\\"}\"}}");
                Installation.write(kstage.file("client.properties"), "bootstrap.servers=" + server + "\n");
            }
            case "A directory", "Another topic" ->
                kstage.run("produce", "orders", "--count", "1000").expect(0);
            case "A database" -> {
                postgres.createDatabase("readme");
                kstage.run("produce", "orders", "--count", "1000").expect(0);
                kstage.run("produce", "--count", "1000").expect(0);
            }
            case "Dead-letter records" -> {
                KAFKA.clients().createTopic("letters", 3);
                List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>(
                        Collections.nCopies(1234, new ProducerRecord<>("letters", 2, null, KafkaClients.bytes("{}"))));
                records.add(new ProducerRecord<>("letters", 2, null, KafkaClients.bytes("oops")));
                KAFKA.clients().send(records);
                kstage.run("consume", "letters", "--to", "out/").expect(0);
            }
            default -> {
                // Its commands need nothing that they do not make themselves.
            }
        }
    }

    private static void follow(Installation kstage, String command) {
        String words = command.replaceFirst("^kstage ", "").replaceFirst("\\s+#.*", "");
        try (RunningProcess running = kstage.start(words.split(" ", -1))) {
            Eventually.await("a segment", LIMIT, () -> hasSegments(kstage.file("out")));
            running.signal("TERM");
            running.await().expect(143);
        }
    }

    private static boolean hasSegments(Path directory) {
        String[] names = directory.toFile().list((parent, name) -> name.endsWith(".jsonl"));
        return names != null && names.length > 0;
    }

    private static void run(Installation kstage, String text, Command command) {
        Outcome outcome = kstage.startShell(text).await(LIMIT);
        boolean isToFail = command.shown().stream().anyMatch(line -> line.startsWith("  try:"));
        outcome.expect(isToFail ? 4 : 0);
        Readme.requireShown(command, kstage, outcome);
    }
}
