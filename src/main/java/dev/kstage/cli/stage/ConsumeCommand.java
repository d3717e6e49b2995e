package dev.kstage.cli.stage;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.Destination;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.report.Failure;
import dev.kstage.stage.StopRules;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code consume}, stage 2: reads a topic and stores it. */
@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stage 2: reads a topic and stores its values, one JSON value per line or row.",
            "",
            "Every destination but standard output stores offsets and results in one commit. After a kill, run the"
                    + " same command again; it continues at the stored offsets. Values that"
                    + " are not JSON become dead-letter records. Any number of workers can share a directory, a"
                    + " PostgreSQL"
                    + " table or a topic. Standard output stores no offsets: without --group every run starts"
                    + " at --from; with --group each record is printed at least once.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage consume --to out.jsonl",
            "  kstage consume orders --to out/ --follow --roll-every 1m",
            "  kstage consume --to sqlite:events.db --columns 'user_id text, amount numeric'",
            "  kstage consume --to postgresql://etl@db/shop   # password: KSTAGE_DB_PASSWORD",
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

    @Mixin
    DestinationOptions store = new DestinationOptions();

    @Option(
            names = "--group",
            paramLabel = "ID",
            description = "Consumer group of the run; default: the group of the destination.")
    @Nullable
    String group;

    @Option(
            names = "--group-protocol",
            paramLabel = "NAME",
            description = {
                "Group protocol: ${COMPLETION-CANDIDATES} (default: classic).",
                "consumer: KIP-848; a setting of the broker decides how soon a killed worker's partitions move."
            })
    @Nullable
    GroupProtocol groupProtocol;

    @Option(
            names = "--group-instance-id",
            paramLabel = "NAME",
            description = "Name of this worker among the workers of the destination. A worker that restarts with its"
                    + " name gets its partitions back at once. Default: none; then the worker waits until the old"
                    + " session times out.")
    @Nullable
    String instance;

    @Option(
            names = "--from",
            paramLabel = "START",
            description = "Where a first run starts: earliest, latest, an offset, -N for the last N records of each"
                    + " partition, or @TIME such as @2026-01-31T12:00:00Z (default: earliest).")
    @Nullable
    StartRule from;

    @Option(names = "--count", paramLabel = "N", description = "Stop after N records.")
    @Nullable
    Long count;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            description = "Stop after this time without a record, not at the end of the topic.")
    @Nullable
    Duration idle;

    @Option(names = "--max-time", paramLabel = "TIME", description = "Stop after this time.")
    @Nullable
    Duration maxTime;

    @Option(names = "--follow", description = "Don't stop at the end; wait for new records.")
    boolean follow;

    @Option(
            names = "--wait-for-topic",
            paramLabel = "TIME",
            description = "Wait this long for a missing topic. Without --idle-timeout and --follow, a run that waited"
                    + " does not stop at the end of the new topic, but after 5 s without a record.")
    @Nullable
    Duration wait;

    @Option(
            names = "--exit-code-if-empty",
            paramLabel = "N",
            defaultValue = "0",
            description = "Exit code if there was nothing to read (default: ${DEFAULT-VALUE}).")
    int emptyCode;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    /** The group protocols by option value. */
    enum GroupProtocol {
        CLASSIC,
        CONSUMER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final CommandContext context;

    public ConsumeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        if (count != null && count < 0) {
            throw new Failure(Failure.Kind.USAGE, "cannot use --count", "it is below 0", "use a number of at least 0");
        }
        ClientSettings settings = connection.settings(context);
        boolean toConsole = store.to instanceof Destination.StandardOutput;
        StopRules rules = new StopRules(
                count == null ? OptionalLong.empty() : OptionalLong.of(count), !follow && idle == null, idle, maxTime);
        DestinationRequest stored = store.request();
        store.refuseUnlessShared("--group-protocol", groupProtocol);
        store.refuseUnlessShared("--group-instance-id", instance);
        ConsumeRequest request = new ConsumeRequest(
                topic,
                stored,
                group != null || toConsole ? group : settings.group(),
                new GroupMembership(
                        groupProtocol == null ? GroupMembership.CLASSIC : groupProtocol.toString(),
                        instance,
                        stored.rollEvery()),
                from == null ? new StartRule.Earliest() : from,
                stored.stopsAtDeadLetter() ? rules.orAtDeadLetter() : rules,
                wait,
                from != null);
        ConsumeReport report = new ConsumeRun(context, settings, request).run(this::report);
        report(report);
        return report.read() == 0 ? emptyCode : ExitCode.DONE;
    }

    private void report(ConsumeReport report) {
        if (store.to instanceof Destination.StandardOutput) {
            output.reportBeside(context, report, report::lines);
        } else {
            output.report(context, report, report::lines);
        }
    }
}
