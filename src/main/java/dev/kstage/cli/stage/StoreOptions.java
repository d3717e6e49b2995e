package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.Place;
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
                    + " default).")
    Place to = new Place.StandardOutput();

    @Option(
            names = "--dead-letter",
            paramLabel = "PLACE",
            description = "Where records go that can't be stored; default: beside the results. A file, directory,"
                    + " table or topic like that of --to (a directory on the same file system); none: stop at the"
                    + " first with exit code 1.")
    @Nullable
    String deadLetter;

    @Option(
            names = "--roll-every",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Begin a new segment of a directory after this long (default: ${DEFAULT-VALUE}).")
    Duration rollEvery = Duration.ofSeconds(10);

    @Option(
            names = "--roll-size",
            paramLabel = "BYTES",
            defaultValue = "64m",
            converter = ByteSize.class,
            description = "Begin new segments of a directory once those of all partitions have so much together, as"
                    + " in 64m (default: ${DEFAULT-VALUE}).")
    long rollSize = 64L << 20;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = "Columns of a table for top-level fields of the values, as in 'user_id bigint, amount"
                    + " numeric'; types: text, int, bigint, numeric, double, boolean, timestamptz, timestamp, date,"
                    + " json. A value that does not fit is a dead letter.")
    @Nullable
    String columns;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    StoreRequest request() {
        return new StoreRequest(to, deadLetter, rollEvery, rollSize, database());
    }

    DatabaseRequest database() {
        return new DatabaseRequest(database.access(), columns == null ? List.of() : Column.list(columns));
    }
}
