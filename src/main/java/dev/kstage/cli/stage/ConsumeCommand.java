package dev.kstage.cli.stage;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Session;
import dev.kstage.kafka.ClientSettings;
import dev.kstage.kafka.StartRule;
import dev.kstage.report.Failure;
import dev.kstage.stage.StopRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stage 2: reads a topic and stores it. */
@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stage 2: reads a topic and stores its values, one JSON text a line.",
            "",
            "A file keeps its own position: run the same command again, after a kill too, and it goes on exactly",
            "where the file ends. Values that are not JSON go to FILE's .dead-letter.jsonl. Standard output keeps",
            "no position: without --group every run starts at --from; with it, each record comes at least once.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage consume --to out.jsonl",
            "  kstage consume orders --from -10",
            "  kstage consume orders --follow --group alerts | jq .total"
        })
public final class ConsumeCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "TOPIC",
            defaultValue = "user_events",
            description = "Default: ${DEFAULT-VALUE}.")
    String topic = "user_events";

    @Option(
            names = "--to",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "A file of JSON lines, or standard output (-, the default).")
    String to = "-";

    @Option(
            names = "--group",
            paramLabel = "ID",
            description = "Consumer group that shows the lag; default: one of the file's own.")
    @Nullable
    String group;

    @Option(
            names = "--from",
            paramLabel = "START",
            defaultValue = "earliest",
            description = {
                "Where a first run starts: earliest, latest, an offset, -N for the last N records of each partition,",
                "or @TIME such as @2026-01-31T12:00:00Z (default: ${DEFAULT-VALUE})."
            })
    StartRule from = new StartRule.Earliest();

    @Option(names = "--count", paramLabel = "N", description = "Stop after N records.")
    @Nullable
    Long count;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description = "Don't stop at the end, but after this long without a record.")
    @Nullable
    Duration idle;

    @Option(names = "--max-time", paramLabel = "TIME", description = "Stop after this long.")
    @Nullable
    Duration maxTime;

    @Option(names = "--follow", description = "Don't stop at the end; go on with what comes.")
    boolean follow;

    @Option(names = "--wait", paramLabel = "TIME", description = "Wait this long for the topic to be there.")
    @Nullable
    Duration wait;

    @Option(
            names = "--empty-code",
            paramLabel = "N",
            defaultValue = "0",
            description = "Exit code if there was nothing to read (default: ${DEFAULT-VALUE}).")
    int emptyCode;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    public ConsumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        if (count != null && count < 0) {
            throw new Failure(Failure.Kind.USAGE, "cannot use --count", "it is below 0", "give it a number from 0");
        }
        ClientSettings settings = connection.settings(session);
        boolean toConsole = to.equals("-");
        ConsumeRequest request = new ConsumeRequest(
                topic,
                toConsole ? null : Path.of(to),
                group != null || toConsole ? group : settings.group(),
                from,
                new StopRules(
                        count == null ? OptionalLong.empty() : OptionalLong.of(count),
                        !follow && idle == null,
                        idle,
                        maxTime),
                wait);
        ConsumeReport report = new ConsumeRun(session, settings, request).run();
        if (toConsole) {
            output.reportBeside(session, report, report::lines);
        } else {
            output.report(session, report, report::lines);
        }
        return report.read() == 0 ? emptyCode : ExitCode.DONE;
    }
}
