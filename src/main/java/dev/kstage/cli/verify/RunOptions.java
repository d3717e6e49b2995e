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

/** Which run of {@code produce} is looked for, and what it sent. */
final class RunOptions {
    @Option(
            names = "--producer-report",
            paramLabel = "REPORT",
            description = "The run by its JSON report: `kstage produce --report REPORT` writes it.")
    @Nullable
    Path produced;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description =
                    "The run by the id that produce was given; what it sent is read from the cluster. With the --from"
                            + " that it had, if it sent a file.")
    @Nullable
    String runId;

    @Option(names = "--seed", paramLabel = "N", description = "The run by the seed of its events; needs --count.")
    @Nullable
    Long seed;

    @Option(names = "--count", paramLabel = "N", description = "How many events it sent; default: as the report says.")
    @Nullable
    Long count;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            defaultValue = "user_events",
            description = "What kind of events it made: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    TemplateName template = TemplateName.USER_EVENTS;

    @Option(names = "--from", paramLabel = "FILE", description = "The file whose lines it sent, for a run of --from.")
    @Nullable
    Path from;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            defaultValue = "value",
            description = "What a line of the file holds: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format format = Format.VALUE;

    @Option(
            names = "--empty-lines",
            paramLabel = "WHAT",
            defaultValue = "skip",
            description = "The --empty-lines that it had: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    EmptyLines emptyLines = EmptyLines.SKIP;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            description = "Between key and value of --format key-value; default: a tab.")
    String separator = "\t";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The --key that it had; keys are compared where the place keeps them. A report tells it; with"
                    + " another name of the run it is needed if the run had one.")
    @Nullable
    String key;

    @Option(names = "--key-from", paramLabel = "FIELD", description = "The --key-from that it had; in the same way.")
    @Nullable
    String keyFrom;

    @Option(
            names = "--key-if-missing",
            paramLabel = "WHAT",
            description = "The --key-if-missing that it had: ${COMPLETION-CANDIDATES} (default: fail).")
    @Nullable
    KeyIfMissing keyIfMissing;

    /** The templates by their names. */
    enum TemplateName {
        USER_EVENTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a line of the file holds. */
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
     * The run that the options name together.
     *
     * @throws Failure if they name none, or contradict each other
     */
    ProducedRun run(Path workingDirectory, DestinationReaders places, @Nullable String topic) {
        refuse(runId != null && produced != null, "--run-id with --producer-report", "the report has the id");
        refuse(key != null && keyFrom != null, "--key with --key-from", "a record has one key");
        refuse(keyIfMissing != null && keyFrom == null, "--key-if-missing without --key-from", "no field is the key");
        if (runId != null) {
            refuse(count != null, "--count with --run-id", "the cluster knows how many it has sent");
            refuse(seed != null, "--seed with --run-id", "the cluster knows the seed of the run");
            String to = topic == null ? GroupProgress.topicOfRun(places.settings(), runId) : topic;
            GroupProgress.OfRun standing = GroupProgress.ofRun(places.settings(), places.topic(to), runId);
            boolean isGenerated = standing.seed().isPresent();
            refuse(isGenerated && from != null, "--from", "the events of run " + runId + " were made up");
            refuse(
                    !isGenerated && from == null,
                    "--run-id alone",
                    "run " + runId + " sent a file: name it with --from");
            refuse(
                    !standing.hasBeenGiven(Map.of("--key", String.valueOf(key), "--key-from", String.valueOf(keyFrom))),
                    key == null && keyFrom == null ? "--run-id alone" : "this key",
                    "run " + runId + " had another --key or --key-from: name the one that it had");
            KeyField.IfMissing rule = rule();
            refuse(
                    rule == KeyField.IfMissing.FAIL
                            ? standing.parameters().containsKey("--key-if-missing")
                            : !standing.hasBeenGiven(Map.of("--key-if-missing", KeyIfMissing.nameOf(rule))),
                    "--key-if-missing " + KeyIfMissing.nameOf(rule),
                    "run " + runId + " had another one: name the one that it had");
            return new ProducedRun(
                    to,
                    runId,
                    isGenerated ? standing.seed().getAsLong() : null,
                    standing.events(),
                    0,
                    keys(key, keyFrom, rule()));
        }
        if (produced != null) {
            return ofReport(workingDirectory.resolve(produced));
        }
        if (from != null) {
            refuse(seed != null, "--seed with --from", "lines of a file are not made up");
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
                    "which run's events to look for is not known",
                    seed == null ? "none is named" : "--seed does not say how many there are",
                    "name it by --producer-report REPORT; by --run-id ID; by --seed N --count N; or by its input, --from FILE");
        }
        refuse(count < 0, "--count", "it is below 0");
        return new ProducedRun(null, null, seed, count, 0, keys(key, keyFrom, rule()));
    }

    private ProducedRun ofReport(Path file) {
        refuse(seed != null || count != null, "--seed or --count with --producer-report", "the report has them");
        refuse(key != null || keyFrom != null, "--key or --key-from with --producer-report", "the report has them");
        JsonNode report = read(file);
        if (!report.path("command").asText().equals("produce")
                || !report.path("records").canConvertToLong()
                || !report.path("topic").isTextual()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    produced + " is not a report of produce",
                    "it has no \"command\": \"produce\" with topic and records",
                    "write one with `kstage produce --report FILE`");
        }
        JsonNode ofTemplate = report.path("template");
        boolean isGenerated = ofTemplate.isTextual();
        refuse(
                isGenerated && from != null,
                "--from with this report",
                "its run made events up, of template " + ofTemplate);
        refuse(
                isGenerated && !ofTemplate.asText().equals(template.toString()),
                produced + "",
                "its events are of template " + ofTemplate + ", which this kstage does not know");
        if (!isGenerated && from == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "what the run of " + produced + " sent is not known",
                    "it sent lines of a file, and the report does not hold them",
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
            Bytes same = Bytes.of(Objects.requireNonNull(key, "one of them is there"));
            return record -> same;
        }
        return new FieldKeys(new KeyField(field, rule));
    }

    private KeyField.IfMissing rule() {
        return keyIfMissing == null ? KeyField.IfMissing.FAIL : keyIfMissing.rule();
    }

    private KeyField.IfMissing ruleOf(JsonNode report) {
        refuse(keyIfMissing != null, "--key-if-missing with --producer-report", "the report has it");
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
                    "write one with `kstage produce --report FILE`",
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
                workingDirectory.resolve(Objects.requireNonNull(from, "run refused it")),
                lines,
                run.events(),
                // A line may have a key of its own, which is not kept.
                run.keys() == ExpectedKeys.OWN && format != Format.VALUE ? null : run.keys());
    }

    private static void refuse(boolean wrong, String option, String why) {
        if (wrong) {
            throw new Failure(
                    Failure.Kind.USAGE, "cannot use " + option, why, "`kstage verify --help` shows what it takes");
        }
    }
}
