package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.Destination;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.schema.Column;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options where and how {@code consume} stores. */
final class DestinationOptions {
    @Option(
            names = "--to",
            paramLabel = "DESTINATION",
            defaultValue = "-",
            description = "Where to store: a file of JSON lines, a directory (out/), a database (sqlite:FILE,"
                    + " postgresql://HOST/DB or a jdbc: URL), another topic (kafka:TOPIC), or standard output (-, the"
                    + " default, which stores no offsets).")
    Destination to = new Destination.StandardOutput();

    @Option(
            names = "--dead-letter",
            paramLabel = "DESTINATION",
            description = "Where to store records that can't be stored in --to. Default: beside the results. A file,"
                    + " directory (on the same file system), table or topic, of the same kind as --to. Give it on each"
                    + " run. none: stop at the first such record with exit code 1.")
    @Nullable
    String deadLetter;

    @Option(
            names = "--roll-every",
            paramLabel = "TIME",
            description = "Directory: start a new segment after this time (default: 10s).")
    @Nullable
    Duration rollEvery;

    @Option(
            names = "--roll-size",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description = "Directory: start new segments when the segments of all partitions together have this"
                    + " size, as"
                    + " in 64m (the default).")
    @Nullable
    Long rollSize;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = "Database: columns for top-level fields of the values, as in 'user_id bigint, amount"
                    + " numeric'; types: text, int, bigint, numeric, double, boolean, timestamptz, timestamp, date,"
                    + " json. Times given as numbers need a unit: timestamptz(s), (ms) or (us). A record whose value"
                    + " does not fit becomes a dead-letter record.")
    @Nullable
    String columns;

    @Option(
            names = "--strict-types",
            description = "Do not convert strings: \"12.5\" for a numeric column makes a dead-letter record.")
    boolean strictTypes;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    /** @throws Failure if an option does not belong to the destination */
    DestinationRequest request() {
        DatabaseAccess access = to instanceof Destination.Database destination
                ? database.access().of(destination)
                : database.access();
        refuse(to instanceof Destination.Directory, "a directory", "--roll-every", rollEvery);
        refuse(to instanceof Destination.Directory, "a directory", "--roll-size", rollSize);
        refuse(to instanceof Destination.Database, "a database", "--columns", columns);
        refuse(to instanceof Destination.Database, "a database", "--strict-types", strictTypes ? true : null);
        refuse(to instanceof Destination.Database, "a database", "--table", access.table());
        refuse(to instanceof Destination.Database, "a database", "--user", access.user());
        refuse(to instanceof Destination.Database, "a database", "--password-file", access.passwordFile());
        refuse(to instanceof Destination.Database, "a database", "--driver", access.driver());
        refuse(
                !(to instanceof Destination.StandardOutput),
                "destinations that check values, and standard output does not",
                "--dead-letter",
                deadLetter);
        refuseOtherKind(deadLetter);
        return new DestinationRequest(
                to,
                deadLetter,
                rollEvery == null ? DestinationRequest.ROLL_EVERY : rollEvery,
                rollSize == null ? DestinationRequest.ROLL_SIZE : rollSize,
                new DatabaseRequest(access, columns == null ? List.of() : Column.list(columns), strictTypes));
    }

    /** One commit stores results and dead-letter records, so both need the same kind of destination. */
    private void refuseOtherKind(@Nullable String deadLetters) {
        if (deadLetters == null || deadLetters.equals(DestinationRequest.NO_DEAD_LETTER)) {
            return;
        }
        Destination destination = Destination.of(deadLetters);
        boolean isPath = destination instanceof Destination.OneFile || destination instanceof Destination.Directory;
        boolean fits = to instanceof Destination.KafkaTopic
                ? destination instanceof Destination.KafkaTopic
                : isPath && (!(to instanceof Destination.OneFile) || destination instanceof Destination.OneFile);
        if (!fits) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot store dead-letter records in " + destination,
                    "the results go to " + kind() + ", and one commit stores both",
                    "name " + kind() + (to instanceof Destination.KafkaTopic ? ", as in kafka:late" : "")
                            + "; or leave out --dead-letter, to store them beside the results");
        }
    }

    private String kind() {
        if (to instanceof Destination.Database) {
            return "a table";
        }
        if (to instanceof Destination.KafkaTopic) {
            return "a topic";
        }
        return to instanceof Destination.Directory ? "a directory" : "a file";
    }

    /** @throws Failure if an option for shared destinations was given for a destination with a single writer */
    void refuseUnlessShared(String option, @Nullable Object value) {
        boolean isShared = to instanceof Destination.Directory
                || to instanceof Destination.KafkaTopic
                || (to instanceof Destination.Database database && !database.isSqlite());
        refuse(
                isShared,
                "destinations that several workers can share: a directory, a PostgreSQL table or a topic",
                option,
                value);
    }

    private void refuse(boolean isOfKind, String purpose, String option, @Nullable Object value) {
        if (!isOfKind && value != null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    option + " can't be used with "
                            + (to instanceof Destination.StandardOutput ? "standard output" : to),
                    "it is for " + purpose,
                    "leave out the option, or choose another destination with --to");
        }
    }
}
