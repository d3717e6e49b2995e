package dev.kstage.cli.stage;

import dev.kstage.cli.option.Readiness;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.profile.choice.Connection;
import dev.kstage.profile.choice.ConnectionChoice;
import dev.kstage.report.AtomicFile;
import dev.kstage.report.StageProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.UUID;

/** A Kafka for one command. It ends with the command, and is removed unless it should be kept. */
final class TemporaryKafka implements AutoCloseable {
    private static final String PREFIX = "smoke-";

    private final CommandContext context;
    private final String name = PREFIX + UUID.randomUUID().toString().substring(0, 8);
    private final EmbeddedKafka kafka;
    private final EmbeddedKafka.Running running;
    private boolean kept;

    /** Starts it, and removes those of earlier commands that were killed. */
    TemporaryKafka(CommandContext context) {
        this.context = context;
        EmbeddedKafka.deleteDead(context.directories(), dead -> dead.startsWith(PREFIX) && !isKept(dead));
        this.kafka = new EmbeddedKafka(
                context.directories(), name, false, Readiness.unlessInterrupted(context.interruption(), "no verdict"));
        try {
            this.running = start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private EmbeddedKafka.Running start() {
        StageProgress progress = new StageProgress();
        progress.waitingFor("a temporary Kafka to respond");
        try (ProgressLine line = context.screen().progress("smoke", progress, false)) {
            return kafka.up(new EmbeddedKafka.Request(OptionalInt.of(1), OptionalInt.of(0)));
        }
    }

    /** The connection to it; prints a note. */
    Connection connection(ConnectionChoice choice) {
        Connection connection =
                new Connection(running.environment().profile().with(choice.overrides()), "a temporary Kafka");
        context.screen().note("using " + connection.profile().bootstrapServers() + " (" + connection.why() + ")");
        return connection;
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    /** A directory that is removed with this Kafka. */
    Path directory() {
        return context.directories().state().resolve("smoke").resolve(name);
    }

    /** Keeps its data after the end, until the user removes it. */
    void keep() {
        kept = true;
        Path mark = markOf(name);
        try {
            AtomicFile.replacePrivately(mark, ("kstage env up --name " + name + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            context.screen().warn("cannot write " + mark + ": the next smoke test will remove this Kafka");
        }
        context.screen().note("the temporary Kafka is kept too: `kstage env up --name " + name + "`");
    }

    private boolean isKept(String other) {
        return Files.exists(markOf(other));
    }

    private Path markOf(String other) {
        return context.directories().environments().resolve(other).resolve("kept");
    }

    @Override
    public void close() {
        kafka.down(!kept);
    }
}
