package dev.kstage.cli.stage;

import dev.kstage.sink.Column;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is said of a database that {@code consume} stores in, beside its URL. */
final class DatabaseOptions {
    @Option(
            names = "--table",
            paramLabel = "NAME",
            description = "Table of the results in a database; default: the topic's name.")
    @Nullable
    String table;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = {
                "Columns for top-level fields of the values, as in 'user_id bigint, amount numeric'. Types: text,",
                "int, bigint, numeric, double, boolean, timestamptz, timestamp, date, json. A value that does not",
                "fit is a dead letter."
            })
    @Nullable
    String columns;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = {
                "User of the database. The password comes from KSTAGE_DB_PASSWORD or a file, never from an",
                "argument; for PostgreSQL also from PGPASSWORD or ~/.pgpass."
            })
    @Nullable
    String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Take the database's password from the first line of this file.")
    @Nullable
    Path passwordFile;

    @Option(
            names = "--driver",
            paramLabel = "FILE",
            description = "Jar of a JDBC driver, for databases other than PostgreSQL and SQLite.")
    @Nullable
    Path driver;

    DatabaseRequest request() {
        return new DatabaseRequest(
                table, columns == null ? List.of() : Column.list(columns), user, passwordFile, driver);
    }
}
