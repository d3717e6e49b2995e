package dev.kstage.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.option.EmptyLines;
import dev.kstage.cli.option.KeyIfMissing;
import dev.kstage.kafka.exactlyonce.GroupProgress;
import dev.kstage.profile.SmallFile;
import dev.kstage.record.Bytes;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.source.KeyField;
import dev.kstage.source.LineFormat;
import dev.kstage.source.template.UserEvents;
import dev.kstage.verify.ExpectedKeys;
import dev.kstage.verify.ExpectedRecords;
import dev.kstage.verify.GeneratedEvents;
import dev.kstage.verify.InputLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the run to verify. */
final class RunOptions {
    @Option(
            names = "--producer-report",
            paramLabel = "REPORT",
            description = "JSON report of the run, written by `kstage produce --report REPORT`.")
    @Nullable
    Path produced;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "The --run-id of the run; its parameters are read from the cluster. Add the --from"
                    + " of the run if it sent a file.")
    @Nullable
    String runId;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the generated events of the run; needs --count.")
    @Nullable
    Long seed;

    @Option(names = "--count", paramLabel = "N", description = "Number of events of the run; default: from the report.")
    @Nullable
    Long count;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            defaultValue = "user_events",
            description = "Template of the generated events: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    TemplateName template = TemplateName.USER_EVENTS;

    @Option(names = "--from", paramLabel = "FILE", description = "The --from of the run: the file whose lines it sent.")
    @Nullable
    Path from;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            defaultValue = "value",
            description = "The --format of the run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format format = Format.VALUE;

    @Option(
            names = "--empty-lines",
            paramLabel = "WHAT",
            defaultValue = "skip",
            description = "The --empty-lines of the run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    EmptyLines emptyLines = EmptyLines.SKIP;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            description = "Between key and value of --format key-value; default: a tab.")
    String separator = "\t";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The --key of the run. Keys are compared if the destination stores keys. The report"
                    + " contains it;"
                    + " with --run-id, --seed or --from give it if the run had one.")
    @Nullable
    String key;

    @Option(names = "--key-from", paramLabel = "FIELD", description = "The --key-from of the run; see --key.")
    @Nullable
    String keyFrom;

    @Option(
            names = "--key-if-missing",
            paramLabel = "WHAT",
            description = "The --key-if-missing of the run: ${COMPLETION-CANDIDATES} (default: fail).")
    @Nullable
    KeyIfMissing keyIfMissing;

    /** The templates by option value. */
    enum TemplateName {
        USER_EVENTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The line formats by option value. */
    enum Format {
        VALUE,
        KEY_VALUE,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The run that the options name.
     *
     * @throws Failure if they name none, or contradict each other
     */
    ProducedRun run(Path workingDirectory, DestinationReaders readers, @Nullable String topic) {
        refuse(runId != null && produced != null, "--run-id with --producer-report", "the report contains the id");
        refuse(key != null && keyFrom != null, "--key with --key-from", "a record has one key");
        refuse(
                keyIfMissing != null && keyFrom == null,
                "--key-if-missing without --key-from",
                "--key-if-missing is about the field of --key-from");
        if (runId != null) {
            refuse(count != null, "--count with --run-id", "the cluster stores the number of events of the run");
            refuse(seed != null, "--seed with --run-id", "the cluster stores the seed of the run");
            String to = topic == null ? GroupProgress.topicOfRun(readers.settings(), runId) : topic;
            GroupProgress.OfRun earlier = GroupProgress.ofRun(readers.settings(), readers.topic(to), runId);
            boolean isGenerated = earlier.seed().isPresent();
            refuse(isGenerated && from != null, "--from", "the events of run " + runId + " were generated");
            refuse(
                    !isGenerated && from == null,
                    "--run-id alone",
                    "run " + runId + " sent a file; name the file with --from");
            refuse(
                    !earlier.hasBeenGiven(Map.of("--key", String.valueOf(key), "--key-from", String.valueOf(keyFrom))),
                    key == null && keyFrom == null ? "--run-id alone" : "this key",
                    "run " + runId + " had another --key or --key-from; use that one");
            KeyField.IfMissing rule = rule();
            refuse(
                    rule == KeyField.IfMissing.FAIL
                            ? earlier.parameters().containsKey("--key-if-missing")
                            : !earlier.hasBeenGiven(Map.of("--key-if-missing", KeyIfMissing.nameOf(rule))),
                    "--key-if-missing " + KeyIfMissing.nameOf(rule),
                    "run " + runId + " had another one; use that one");
            return new ProducedRun(
                    to,
                    runId,
                    isGenerated ? earlier.seed().getAsLong() : null,
                    earlier.events(),
                    0,
                    keys(key, keyFrom, rule()));
        }
        if (produced != null) {
            return ofReport(workingDirectory.resolve(produced));
        }
        if (from != null) {
            refuse(seed != null, "--seed with --from", "lines of a file are not generated");
            boolean isKnown = key != null || keyFrom != null;
            return new ProducedRun(
                    null,
                    null,
                    null,
                    count == null ? Long.MAX_VALUE : count,
                    0,
                    isKnown ? keys(key, keyFrom, rule()) : null);
        }
        if (seed == null || count == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the run to verify is not named",
                    seed == null ? "no option names it" : "--seed needs the number of events",
                    "use --producer-report REPORT, --run-id ID, --seed N --count N, or --from FILE");
        }
        refuse(count < 0, "--count", "it is below 0");
        return new ProducedRun(null, null, seed, count, 0, keys(key, keyFrom, rule()));
    }

    private ProducedRun ofReport(Path file) {
        refuse(seed != null || count != null, "--seed or --count with --producer-report", "the report contains them");
        refuse(
                key != null || keyFrom != null,
                "--key or --key-from with --producer-report",
                "the report" + " contains them");
        JsonNode report = read(file);
        if (!report.path("command").asText().equals("produce")
                || !report.path("records").canConvertToLong()
                || !report.path("topic").isTextual()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    produced + " is not a report of produce",
                    "it has no \"command\": \"produce\" with topic and records",
                    "write a report with `kstage produce --report FILE`");
        }
        JsonNode ofTemplate = report.path("template");
        boolean isGenerated = ofTemplate.isTextual();
        refuse(
                isGenerated && from != null,
                "--from with this report",
                "the run generated events of template " + ofTemplate);
        refuse(
                isGenerated && !ofTemplate.asText().equals(template.toString()),
                produced + "",
                "its events are of template " + ofTemplate + ", which this release of kstage does not know");
        if (!isGenerated && from == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the input of the run of " + produced + " is not named",
                    "the run sent lines of a file, and the report does not contain the lines",
                    "name the file: --from FILE");
        }
        long failed = report.path("failed").asLong();
        JsonNode runId = report.path("runId");
        return new ProducedRun(
                report.path("topic").asText(),
                runId.isTextual() ? runId.asText() : null,
                isGenerated ? report.path("seed").asLong() : null,
                report.path("records").asLong() + failed,
                failed,
                keys(report.path("key").textValue(), report.path("keyFrom").textValue(), ruleOf(report)));
    }

    private static ExpectedKeys keys(@Nullable String key, @Nullable String field, KeyField.IfMissing rule) {
        if (key == null && field == null) {
            return ExpectedKeys.OWN;
        }
        if (field == null) {
            Bytes same = Bytes.of(Objects.requireNonNull(key, "one of them is set"));
            return record -> same;
        }
        return new FieldKeys(new KeyField(field, rule));
    }

    private KeyField.IfMissing rule() {
        return keyIfMissing == null ? KeyField.IfMissing.FAIL : keyIfMissing.rule();
    }

    private KeyField.IfMissing ruleOf(JsonNode report) {
        refuse(keyIfMissing != null, "--key-if-missing with --producer-report", "the report contains it");
        return Stream.of(KeyField.IfMissing.values())
                .filter(each -> KeyIfMissing.nameOf(each)
                        .equals(report.path("keyIfMissing").textValue()))
                .findFirst()
                .orElse(KeyField.IfMissing.FAIL);
    }

    private JsonNode read(Path file) {
        try {
            JsonNode report = new JsonMapper().readTree(SmallFile.read(file).content());
            return report;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot read the report " + produced,
                    e instanceof JsonProcessingException ? "it is not JSON" : FileFault.reason(e),
                    "write a report with `kstage produce --report FILE`",
                    e);
        }
    }

    /** The events of a run. */
    ExpectedRecords events(ProducedRun run, Path workingDirectory) {
        Long known = run.seed();
        if (known != null) {
            return new GeneratedEvents(new UserEvents(known), run.events(), Objects.requireNonNull(run.keys()));
        }
        LineFormat lines =
                switch (format) {
                    case VALUE ->
                        emptyLines == EmptyLines.KEEP ? new LineFormat.ValueOrEmpty() : new LineFormat.Value();
                    case KEY_VALUE -> new LineFormat.KeyValue(Bytes.of(separator));
                    case JSON -> new LineFormat.Json();
                };
        return InputLines.read(
                workingDirectory.resolve(Objects.requireNonNull(from, "run() requires it")),
                lines,
                run.events(),
                // A line may have its own key, which is not stored.
                run.keys() == ExpectedKeys.OWN && format != Format.VALUE ? null : run.keys());
    }

    private static void refuse(boolean wrong, String option, String why) {
        if (wrong) {
            throw new Failure(
                    Failure.Kind.USAGE, "cannot use " + option, why, "`kstage verify --help` shows all options");
        }
    }
}
