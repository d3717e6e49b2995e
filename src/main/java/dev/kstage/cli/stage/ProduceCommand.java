package dev.kstage.cli.stage;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.EmptyLines;
import dev.kstage.cli.option.KeyIfMissing;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.stage.ProduceRequest.Partitioner;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.client.TopicName;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.report.Failure;
import dev.kstage.source.KeyField;
import dev.kstage.source.LineFormat;
import dev.kstage.transform.RecordKeying;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code produce}, stage 1: sends events to a topic. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stage 1: sends generated events, or the lines of a file, to a topic.",
            "",
            "Without --from it generates events of visitors of a shop; the same --seed gives the same events."
                    + " All in-sync replicas acknowledge each record. If a record fails, the exit code is 1 or 4.",
            "",
            "With --run-id you can kill the command and run it again, as often as needed: every event is"
                    + " in the topic exactly once, for consumers that read committed records. The cluster"
                    + " remembers a run"
                    + " for 7 days after its last attempt (offsets.retention.minutes, transactional.id.expiration.ms).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage produce --count 100000 --seed 7",
            "  kstage produce --count 100000 --seed 7 --run-id nightly-2026-01-31",
            "  kstage produce orders --from orders.jsonl --key-from customer.id",
            "  kstage produce orders --from orders.jsonl --key-from id --key-if-missing dead-letter",
            "  tail -f access.log | kstage produce access --from -"
        })
public final class ProduceCommand implements Callable<Integer> {
    /** The compression codecs by option value. */
    enum Compression {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The line formats by option value. */
    enum Format {
        VALUE("value"),
        KEY_VALUE("key-value"),
        JSON("json");

        private final String word;

        Format(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "TOPIC",
            defaultValue = "user_events",
            description = "Default: ${DEFAULT-VALUE}.")
    String topic = "user_events";

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Number of records; default: 1000, or all lines of --from.")
    @Nullable
    Long count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the generated events; default: random, see the report.")
    @Nullable
    Long seed;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "Continue where the last attempt with this id ended. A finished run sends"
                    + " nothing and prints its report. The seed is derived from the id unless --seed is given. A new"
                    + " attempt fences one that still runs. Not with --from -.")
    @Nullable
    String runId;

    @Option(names = "--from", paramLabel = "FILE", description = "Send the lines of a file, or of standard input (-).")
    @Nullable
    String from;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            description = {
                "Format of the lines of --from: ${COMPLETION-CANDIDATES} (default: value).",
                "json: an object with key, value, headers, partition, timestamp."
            })
    @Nullable
    Format format;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            description = "Between key and value of --format key-value; default: a tab.")
    @Nullable
    String separator;

    @Option(
            names = "--empty-lines",
            paramLabel = "WHAT",
            description = "What to do with empty lines of --from: ${COMPLETION-CANDIDATES} (default: skip, counted in"
                    + " the report); keep sends a record with an empty value. A byte order mark and the CR before a"
                    + " line feed are never part of a record.")
    @Nullable
    EmptyLines emptyLines;

    @Option(names = "--key", paramLabel = "KEY", description = "The key of every record.")
    @Nullable
    String key;

    @Option(
            names = "--key-from",
            paramLabel = "FIELD",
            description = "Field of the JSON value that is the key, such as id or actor.id.")
    @Nullable
    String keyFrom;

    @Option(
            names = "--key-if-missing",
            paramLabel = "WHAT",
            description = {
                "What to do with a line that lacks the field of --key-from or is not JSON: ${COMPLETION-CANDIDATES}"
                        + " (default: fail).",
                "fail: end with exit code 1 at that line; null: send it without a key; dead-letter: write it, with its"
                        + " line number and the reason, to a file."
            })
    @Nullable
    KeyIfMissing keyIfMissing;

    @Option(
            names = "--dead-letter",
            paramLabel = "FILE",
            description = "File of --key-if-missing dead-letter; each run appends to it. Default:"
                    + " INPUT.dead-letters.jsonl, beside the input.")
    @Nullable
    String deadLetter;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "Header of every record. May be repeated.")
    List<Header> headers = List.of();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Partition of every record; default: chosen" + " by the key.")
    @Nullable
    Integer partition;

    @Option(
            names = "--partitioner",
            paramLabel = "WHOSE",
            defaultValue = "java",
            description = "Partitioner for records with a key: ${COMPLETION-CANDIDATES} (its default,"
                    + " consistent_random); default: ${DEFAULT-VALUE}.")
    Partitioner partitioner = Partitioner.JAVA;

    @Option(names = "--rate", paramLabel = "N", description = "Maximum number of records per second.")
    @Nullable
    Double rate;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = "${COMPLETION-CANDIDATES}; default: compression.type of the profile, else none.")
    @Nullable
    Compression compression;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of a new topic; default: the cluster's default.")
    @Nullable
    Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Replication factor of a new topic; default: the cluster's default.")
    @Nullable
    Short replication;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private static final int SEEDS = 1_000_000;

    private final CommandContext context;

    public ProduceCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        ProduceRequest request = request();
        ProduceReport report = new ProduceRun(context, connection.settings(context), request).run();
        output.report(context, report, report::lines);
        Failure failure = report.failure();
        if (failure != null) {
            throw failure;
        }
        return ExitCode.DONE;
    }

    private ProduceRequest request() {
        TopicName.requireWritable("cannot produce to topic " + topic, topic);
        refuse(count != null && count < 0, "--count", "it is below 0");
        refuse(rate != null && !(rate > 0), "--rate", "it is not above 0");
        refuse(partition != null && partition < 0, "--partition", "it is below 0");
        refuse(partitions != null && partitions < 1, "--partitions", "it is below 1");
        refuse(replication != null && replication < 1, "--replication", "it is below 1");
        refuse(separator != null && separator.isEmpty(), "--separator", "it is empty");
        refuse(format != null && from == null, "--format without --from", "generated events have no lines");
        refuse(separator != null && from == null, "--separator without --from", "generated events have no lines");
        refuse(emptyLines != null && from == null, "--empty-lines without --from", "generated events have no lines");
        boolean keepsEmpty = emptyLines == EmptyLines.KEEP;
        refuse(
                keepsEmpty && format != null && format != Format.VALUE,
                "--empty-lines keep with --format " + format,
                "an empty line is not a record of that format");
        refuse(key != null && keyFrom != null, "--key with --key-from", "a record has one key");
        refuse(
                keyIfMissing != null && keyFrom == null,
                "--key-if-missing without --key-from",
                "--key-if-missing is about the field of --key-from");
        boolean putsAside = keyIfMissing == KeyIfMissing.DEAD_LETTER;
        refuse(
                putsAside && from == null,
                "--key-if-missing dead-letter without --from",
                "generated events have no lines");
        refuse(deadLetter != null && !putsAside, "--dead-letter", "it needs --key-if-missing dead-letter");
        refuse(
                putsAside && "-".equals(from) && deadLetter == null,
                "--key-if-missing dead-letter with --from -",
                "standard input has no directory for that file; name the file with --dead-letter FILE");
        refuse(
                runId != null
                        && (runId.isBlank()
                                || runId.length() > 200
                                || runId.chars().anyMatch(c -> c < ' ')),
                "--run-id",
                "it is empty, longer than 200 characters, or has control characters");
        refuse(
                runId != null && "-".equals(from),
                "--run-id with --from -",
                "--run-id needs an input that can be read again; standard input can't");
        refuse(seed != null && from != null, "--seed with --from", "lines of a file are not generated");
        LineFormat lines =
                switch (format == null ? Format.VALUE : format) {
                    case VALUE -> keepsEmpty ? new LineFormat.ValueOrEmpty() : new LineFormat.Value();
                    case KEY_VALUE -> new LineFormat.KeyValue(Bytes.of(separator == null ? "\t" : separator));
                    case JSON -> new LineFormat.Json();
                };
        OptionalLong limit =
                count != null ? OptionalLong.of(count) : from == null ? OptionalLong.of(1000) : OptionalLong.empty();
        return new ProduceRequest(
                topic,
                runId,
                from,
                lines,
                limit,
                seed(),
                rate == null ? 0 : rate,
                new RecordKeying(
                        key == null ? null : Bytes.of(key),
                        List.copyOf(headers),
                        partition == null ? OptionalInt.empty() : OptionalInt.of(partition)),
                keyFrom == null
                        ? null
                        : new KeyField(keyFrom, (keyIfMissing == null ? KeyIfMissing.FAIL : keyIfMissing).rule()),
                deadLetter,
                partitioner,
                compression == null ? null : compression.toString(),
                Optional.ofNullable(partitions),
                Optional.ofNullable(replication));
    }

    private long seed() {
        if (seed != null) {
            return seed;
        }
        return runId == null ? new SecureRandom().nextInt(SEEDS) : Math.floorMod(runId.hashCode(), SEEDS);
    }

    private static void refuse(boolean wrong, String option, String why) {
        if (wrong) {
            throw new Failure(
                    Failure.Kind.USAGE, "cannot use " + option, why, "`kstage produce --help` shows all options");
        }
    }
}
