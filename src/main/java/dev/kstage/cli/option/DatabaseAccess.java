package dev.kstage.cli.option;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.connection.PasswordFile;
import dev.kstage.sink.jdbc.schema.TableName;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options for a database whose URL is known.
 *
 * @param table the table of the results, or null for the default
 * @param user null for the user of the URL or the driver's default
 * @param passwordFile a file whose first line is the password, or null for the environment
 * @param driver the jar of a driver, or null for an included one
 */
public record DatabaseAccess(
        @Nullable TableName table,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path driver) {
    /** No options. */
    public static final DatabaseAccess NONE = new DatabaseAccess(null, null, null, null);

    private static final String PASSWORD = "KSTAGE_DB_PASSWORD";

    /** The login for a {@code jdbc:} URL. The password is masked in all output from now on. */
    public DatabaseLogin login(CommandContext context, String url) {
        String password = password(context, url);
        if (password != null) {
            context.screen().hide(List.of(password));
        }
        DatabaseLogin login = new DatabaseLogin(url, user, password, driver);
        login.warning().ifPresent(context.screen()::warnOnce);
        return login;
    }

    /**
     * These options with the table of the destination, if it names one.
     *
     * @throws Failure if --table names another table
     */
    public DatabaseAccess of(Destination.Database destination) {
        TableName named = destination.table();
        if (named != null && table != null && !named.equals(table)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the command names two tables",
                    "--table names " + table + ", and the database URL has table=" + named,
                    "leave one of them out");
        }
        return named == null ? this : new DatabaseAccess(named, user, passwordFile, driver);
    }

    private @Nullable String password(CommandContext context, String url) {
        if (passwordFile != null) {
            return PasswordFile.read(passwordFile);
        }
        String password = context.environment().get(PASSWORD);
        // PostgreSQL's driver reads ~/.pgpass, but not the variables of psql.
        return password == null && url.startsWith("jdbc:postgresql:")
                ? context.environment().get("PGPASSWORD")
                : password;
    }
}
