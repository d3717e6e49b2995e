package dev.kstage.cli.verify;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.Destination;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.DeadLetters;
import dev.kstage.verify.ExpectedRecords;
import dev.kstage.verify.SourceLag;
import dev.kstage.verify.TopicLag;
import dev.kstage.verify.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: checks that a destination has every event of a run exactly once. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks that a destination has every event of a run of produce exactly once, unchanged and in order.",
            "It reads the stored rows, not the offsets. An event that is a dead-letter record is not lost.",
            "It compares values byte for byte, keys in a database or a topic, and columns of consume's --columns"
                    + " with the value of their row, in PostgreSQL and SQLite. It does not compare headers and"
                    + " timestamps. Order"
                    + " is checked for each key of generated events, and for each partition for lines of a file.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all checks passed,",
            "            3 an event is lost, duplicated, mismatched, reordered or foreign, or",
            "              the destination is damaged, such as a file cut within a line,",
            "            4 all missing events are not consumed yet: run consume again.",
            "",
            "Examples:",
            "  kstage produce orders --count 100000 --report run.json",
            "  kstage consume orders --to orders/",
            "  kstage verify orders/ --producer-report run.json",
            "  kstage verify out.jsonl --seed 7 --count 100000 --junit verify.xml",
            "  kstage verify kafka:user_events --run-id nightly --allow-foreign-records",
            "  kstage verify sqlite:shop.db --topic orders --from orders.jsonl -o json"
        })
public final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DESTINATION",
            description = "Destination of `consume --to`: a file, a directory, a database or kafka:TOPIC.")
    Destination destination = new Destination.StandardOutput();

    @Mixin
    RunOptions run = new RunOptions();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Topic of the run; default: from the report, the run id or the destination.")
    @Nullable
    String topic;

    @Option(
            names = "--group",
            paramLabel = "ID",
            description = "For kafka:TOPIC: the --group of consume; default: the group of the destination.")
    @Nullable
    String group;

    @Option(
            names = "--dead-letter",
            paramLabel = "DESTINATION",
            description = "Where the dead-letter records are, if consume had --dead-letter: a file, a directory, a"
                    + " table of the"
                    + " database or a topic. none: ignore dead-letter records.")
    @Nullable
    String deadLetter;

    @Option(
            names = "--allow-foreign-records",
            description = "Rows and dead-letter records that are no event of the run do not fail the check. For"
                    + " topics to which other programs send too.")
    boolean allowsForeign;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Write the checks as JUnit XML to this file (a link is replaced, not followed).")
    @Nullable
    Path junit;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    public VerifyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        if (junit != null) {
            OutputOptions.requireWritable(junit);
        }
        VerifyReport report = verify();
        output.report(context, report, report::lines);
        if (junit != null) {
            OutputOptions.writeFile(junit, report.junit(context.screen()::redacted));
        }
        if (report.verdict().equals(VerifyReport.INCOMPLETE)) {
            throw incomplete(report);
        }
        return report.verdict().equals(VerifyReport.PASSED) ? ExitCode.DONE : ExitCode.CHECK;
    }

    private VerifyReport verify() {
        long start = System.nanoTime();
        DestinationReaders readers = new DestinationReaders(context, connection, database.access());
        ProducedRun named = run.run(context.workingDirectory(), readers, topic);
        StageProgress progress = new StageProgress();
        progress.waitingFor("the rows of " + destination + " to be read");
        try (ProgressLine line = context.screen().progress("verify " + destination, progress, false)) {
            ExpectedRecords events = run.events(named, context.workingDirectory());
            String source = topic != null ? topic : named.topic();
            StoredRows rows = readers.rows(destination, source, group);
            Verification verification = Verification.of(
                    events,
                    source,
                    allowsForeign,
                    named.unacknowledged(),
                    rows,
                    deadLetters(readers, source),
                    unread(readers, source));
            return VerifyReport.of(
                    readers.shown(destination, source).toString(),
                    named,
                    verification,
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private @Nullable DeadLetters deadLetters(DestinationReaders readers, @Nullable String source) {
        if (deadLetter != null && !deadLetter.equals("none") && destination instanceof Destination.Database database) {
            return readers.ofTable(database, source, TableName.parse("--dead-letter", deadLetter));
        }
        if (deadLetter != null) {
            return deadLetter.equals("none") ? null : readers.deadLetters(Destination.of(deadLetter), destination);
        }
        return readers.deadLettersBeside(destination, source);
    }

    /** If the destination is the topic of the run itself, nobody has to read it. */
    private SourceLag unread(DestinationReaders readers, @Nullable String name) {
        boolean isSource = destination instanceof Destination.KafkaTopic itself
                && (name == null || itself.name().equals(name));
        return isSource ? SourceLag.NONE : new TopicLag(readers::settings, name);
    }

    private Failure incomplete(VerifyReport report) {
        Long left = report.notConsumedYet();
        return new Failure(
                Failure.Kind.TEMPORARY,
                "not all events of the run can be checked yet",
                left != null && left > 0
                        ? Text.plural(left, "event") + " " + (left == 1 ? "is" : "are") + " not consumed yet;"
                                + " the stored events are correct"
                        : Text.bytes(report.uncommittedBytes()) + " in " + destination
                                + " are not committed: a run of consume is active, or was killed",
                "run `kstage consume` to this destination again, then run this command again");
    }
}
