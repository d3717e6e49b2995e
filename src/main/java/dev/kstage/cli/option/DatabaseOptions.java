package dev.kstage.cli.option;

import dev.kstage.sink.jdbc.schema.TableName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for a database, in addition to its URL. */
public final class DatabaseOptions {
    @Option(
            names = "--table",
            paramLabel = "NAME",
            description = "Table of the results, NAME or SCHEMA.NAME (a name with a dot in double quotes:"
                    + " '\"a.b\"'). Default: the name of the topic; for commands that read a database, its only table.")
    @Nullable
    String table;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Database user. The password comes from KSTAGE_DB_PASSWORD or --password-file, never from an"
                    + " argument; for PostgreSQL also from PGPASSWORD or ~/.pgpass.")
    @Nullable
    String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the database password.")
    @Nullable
    Path passwordFile;

    @Option(
            names = "--driver",
            paramLabel = "FILE",
            description = "Jar of a JDBC driver, for databases other than PostgreSQL and SQLite.")
    @Nullable
    Path driver;

    public DatabaseAccess access() {
        return new DatabaseAccess(table == null ? null : TableName.parse("--table", table), user, passwordFile, driver);
    }
}
