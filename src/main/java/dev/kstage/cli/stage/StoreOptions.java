package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.Place;
import dev.kstage.report.Failure;
import dev.kstage.sink.Column;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where {@code consume} stores, and how. */
final class StoreOptions {
    @Option(
            names = "--to",
            paramLabel = "PLACE",
            defaultValue = "-",
            description = "A file of JSON lines, a directory of them (out/), a database (sqlite:FILE,"
                    + " postgresql://HOST/DB or a jdbc: URL), another topic (kafka:TOPIC), or standard output (-, the"
                    + " default; it keeps no position: at least once with --group, from --from without).")
    Place to = new Place.StandardOutput();

    @Option(
            names = "--dead-letter",
            paramLabel = "PLACE",
            description = "Where records go that can't be stored; default: beside the results. A file, directory,"
                    + " table or topic like that of --to (a directory on the same file system), which all but a"
                    + " topic remember, and each run names again; none: stop at the first with exit code 1.")
    @Nullable
    String deadLetter;

    @Option(
            names = "--roll-every",
            paramLabel = "TIME",
            description = "Begin a new segment of a directory after this long (default: 10s).")
    @Nullable
    Duration rollEvery;

    @Option(
            names = "--roll-size",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description = "Begin new segments of a directory once those of all partitions have so much together, as"
                    + " in 64m (the default).")
    @Nullable
    Long rollSize;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = "Columns of a table for top-level fields of the values, as in 'user_id bigint, amount"
                    + " numeric'; types: text, int, bigint, numeric, double, boolean, timestamptz, timestamp, date,"
                    + " json. Times that are numbers have a unit: timestamptz(s), (ms) or (us). A value that does not"
                    + " fit is a dead letter.")
    @Nullable
    String columns;

    @Option(
            names = "--strict-types",
            description = "A text is no number and no boolean: \"12.5\" for a column of type numeric is a dead letter.")
    boolean strictTypes;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    /** @throws Failure if something is said that means nothing for the place */
    StoreRequest request() {
        DatabaseAccess access =
                to instanceof Place.Database place ? database.access().of(place) : database.access();
        refuse(to instanceof Place.Directory, "a directory", "--roll-every", rollEvery);
        refuse(to instanceof Place.Directory, "a directory", "--roll-size", rollSize);
        refuse(to instanceof Place.Database, "a database", "--columns", columns);
        refuse(to instanceof Place.Database, "a database", "--strict-types", strictTypes ? true : null);
        refuse(to instanceof Place.Database, "a database", "--table", access.table());
        refuse(to instanceof Place.Database, "a database", "--user", access.user());
        refuse(to instanceof Place.Database, "a database", "--password-file", access.passwordFile());
        refuse(to instanceof Place.Database, "a database", "--driver", access.driver());
        refuse(
                !(to instanceof Place.StandardOutput),
                "what is checked, and standard output takes every value as it is",
                "--dead-letter",
                deadLetter);
        refuseOtherKind(deadLetter);
        return new StoreRequest(
                to,
                deadLetter,
                rollEvery == null ? StoreRequest.ROLL_EVERY : rollEvery,
                rollSize == null ? StoreRequest.ROLL_SIZE : rollSize,
                new DatabaseRequest(access, columns == null ? List.of() : Column.list(columns), strictTypes));
    }

    /** Results and dead letters are stored in one commit, which no two kinds of place have. */
    private void refuseOtherKind(@Nullable String letters) {
        if (letters == null || letters.equals(StoreRequest.NO_DEAD_LETTER)) {
            return;
        }
        Place place = Place.of(letters);
        boolean isPath = place instanceof Place.OneFile || place instanceof Place.Directory;
        boolean fits = to instanceof Place.KafkaTopic
                ? place instanceof Place.KafkaTopic
                : isPath && (!(to instanceof Place.OneFile) || place instanceof Place.OneFile);
        if (!fits) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot put dead letters into " + place,
                    "the results go to " + kind() + ", and both are stored in one commit",
                    "name " + kind() + (to instanceof Place.KafkaTopic ? ", as in kafka:late" : "")
                            + ", or leave --dead-letter out for one beside the results");
        }
    }

    private String kind() {
        if (to instanceof Place.Database) {
            return "a table";
        }
        if (to instanceof Place.KafkaTopic) {
            return "a topic";
        }
        return to instanceof Place.Directory ? "a directory" : "a file";
    }

    /**
     * @throws Failure if an option for those who share a place was given for one that has a single writer
     */
    void refuseUnlessShared(String option, @Nullable Object value) {
        boolean isShared = to instanceof Place.Directory
                || to instanceof Place.KafkaTopic
                || (to instanceof Place.Database database && !database.isSqlite());
        refuse(
                isShared,
                "a place that several runs may share: a directory, a PostgreSQL table or a topic",
                option,
                value);
    }

    private void refuse(boolean isOfPlace, String purpose, String option, @Nullable Object value) {
        if (!isOfPlace && value != null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    option + " means nothing for " + (to instanceof Place.StandardOutput ? "standard output" : to),
                    "it is for " + purpose,
                    "leave it out, or choose another place with --to");
        }
    }
}
