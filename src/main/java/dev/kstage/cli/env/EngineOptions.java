package dev.kstage.cli.env;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.env.ComposeKafka;
import dev.kstage.env.ComposeStack;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.env.Environment;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The engine of a local Kafka, and options that only one engine has. */
final class EngineOptions {
    /** The engines by name. */
    enum Engine {
        EMBEDDED,
        COMPOSE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A checked start that has not begun. */
    @FunctionalInterface
    interface Start {
        EmbeddedKafka.Running up();
    }

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(3);

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "What runs Kafka: ${COMPLETION-CANDIDATES}. embedded: processes from the jar;"
                    + " compose: containers"
                    + " (default: as before, else embedded).")
    @Nullable
    Engine engine;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the first broker, 0 for a free port (default: 29092). A stopped environment"
                    + " can start"
                    + " on another port.")
    @Nullable
    Integer port;

    @Option(names = "--brokers", paramLabel = "N", description = "Embedded: number of brokers, 1 or 3 (default: 1).")
    @Nullable
    Integer brokers;

    @Option(
            names = "--with",
            paramLabel = "WHAT",
            split = ",",
            description = "Compose: services beside Kafka, separated by commas: ui, airflow, postgres; or none"
                    + " (default: as before, else none).")
    String @Nullable [] with;

    @Option(
            names = "--variant",
            paramLabel = "WHICH",
            description = "Compose: which Kafka, ${COMPLETION-CANDIDATES} (default: kraft). zookeeper is the"
                    + " older stack,"
                    + " Kafka 3.5 with ZooKeeper.")
    ComposeStack.@Nullable Variant variant;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Compose: how long to wait until the containers are healthy, after their images are fetched"
                    + " (default: 3m).")
    @Nullable
    Duration limit;

    /** @throws Failure if the options contradict each other */
    Start start(CommandContext context, String name, ComposeKafka.Watch watch, EmbeddedKafka.Readiness readiness) {
        if (port != null && (port < 0 || port > 65_533)) {
            throw wrong("--port " + port, "ports are numbers from 0 to 65533", "choose another port");
        }
        return isCompose(Environment.engineOf(context.directories(), name))
                ? compose(context, name, watch, readiness)
                : embedded(context, name, readiness);
    }

    private boolean isCompose(@Nullable String before) {
        return engine == null ? ComposeKafka.ENGINE.equals(before) : engine == Engine.COMPOSE;
    }

    private Start embedded(CommandContext context, String name, EmbeddedKafka.Readiness readiness) {
        if (brokers != null && brokers != 1 && brokers != 3) {
            throw wrong(
                    "--brokers " + brokers,
                    "only 1 and 3 are supported; 3 brokers keep a majority if one fails",
                    "use --brokers 1 or --brokers 3");
        }
        if (with != null || variant != null || limit != null) {
            throw wrong(
                    with != null ? "--with" : variant != null ? "--variant" : "--timeout",
                    "the embedded engine has no containers",
                    "add --engine compose");
        }
        EmbeddedKafka.Request request = new EmbeddedKafka.Request(optional(brokers), optional(port));
        EmbeddedKafka kafka = new EmbeddedKafka(context.directories(), name, true, readiness);
        return () -> kafka.up(request);
    }

    private Start compose(
            CommandContext context, String name, ComposeKafka.Watch watch, EmbeddedKafka.Readiness readiness) {
        if (brokers != null) {
            throw wrong(
                    "--brokers",
                    "the compose files have one broker",
                    "leave out --brokers, or use --engine" + " embedded");
        }
        ComposeKafka.Request request = new ComposeKafka.Request(
                Optional.ofNullable(variant), extras(), optional(port), limit == null ? DEFAULT_LIMIT : limit);
        ComposeKafka kafka = new ComposeKafka(context.directories(), name, context.environment(), readiness);
        return () -> kafka.up(request, watch);
    }

    private Optional<SortedSet<ComposeStack.Extra>> extras() {
        if (with == null) {
            return Optional.empty();
        }
        SortedSet<ComposeStack.Extra> extras = new TreeSet<>();
        for (String word : with) {
            if (!word.equals("none") || with.length > 1) {
                extras.add(ComposeStack.Extra.named(word)
                        .orElseThrow(() -> wrong(
                                "--with " + String.join(",", with),
                                "there is no \"" + word + "\" among the services",
                                "choose from ui, airflow and postgres, or use none")));
            }
        }
        return Optional.of(extras);
    }

    private static Failure wrong(String option, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, "cannot use " + option, why, remedy);
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
