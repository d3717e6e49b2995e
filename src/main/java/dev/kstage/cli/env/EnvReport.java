package dev.kstage.cli.env;

import dev.kstage.env.ComposeStack;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.env.Environment;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The report about a running local Kafka; its components are the JSON keys.
 *
 * @param dataDir the data directory; with containers, the directory of the compose files
 * @param pid the process of the first broker; 0 with containers
 * @param logFile the log of the first broker; with containers, the output of the compose tool
 * @param brokers every broker
 * @param startedInMs how long the start took; 0 if it ran before
 */
record EnvReport(
        String name,
        String engine,
        String bootstrapServers,
        String profile,
        String dataDir,
        long pid,
        String logFile,
        long startedInMs,
        List<Broker> brokers) {
    /** One broker. */
    record Broker(int id, int port, long pid, String logFile) {}

    static EnvReport of(EmbeddedKafka.Running running) {
        Environment environment = running.environment();
        boolean contained = environment.stack() != null;
        List<Broker> brokers = environment.nodes().stream()
                .map(node -> new Broker(
                        node.id(),
                        node.port(),
                        node.pid(),
                        (contained
                                        ? running.directory().composeLog()
                                        : running.directory().log(node.id()))
                                .toString()))
                .toList();
        return new EnvReport(
                environment.name(),
                environment.engine(),
                environment.bootstrapServers(),
                environment.name(),
                (contained ? running.directory().compose() : running.directory().data()).toString(),
                brokers.get(0).pid(),
                brokers.get(0).logFile(),
                running.wasRunning() ? 0 : running.time().toMillis(),
                brokers);
    }

    /**
     * The text form of the report.
     *
     * @param stack its containers, if it has any
     * @param variables the environment variables, which choose ports
     */
    List<String> lines(boolean wasRunning, @Nullable ComposeStack stack, Map<String, String> variables) {
        Table table = new Table("bootstrap servers", bootstrapServers);
        table.row("profile", profile + " (now the current profile)");
        if (stack == null) {
            table.row("data", dataDir);
            for (Broker broker : brokers) {
                table.row(brokers.size() == 1 ? "process" : "broker " + broker.id(), broker.pid());
                table.row("log", Path.of(broker.logFile()));
            }
        } else {
            table.row("in containers", "kafka:9092 on the network " + stack.network());
            stack.addresses(variables).forEach(table::row);
            table.row("compose files", dataDir);
        }
        List<String> lines = new ArrayList<>(table.lines("  "));
        lines.add("Kafka \"" + name + "\" "
                + (wasRunning ? "was up already" : "is up, in " + Text.duration(Duration.ofMillis(startedInMs))));
        return lines;
    }
}
