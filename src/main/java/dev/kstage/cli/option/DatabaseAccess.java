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
 * How to get into a database whose URL is known, and to which of its tables.
 *
 * @param table the table of the results, or null for the one that follows from the topic
 * @param user null to let the URL or the driver choose
 * @param passwordFile a file whose first line is the password, or null for the environment
 * @param driver the jar of a driver, or null for one of kstage's own
 */
public record DatabaseAccess(
        @Nullable TableName table,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path driver) {
    /** Where nothing is said. */
    public static final DatabaseAccess BY_ITSELF = new DatabaseAccess(null, null, null, null);

    private static final String PASSWORD = "KSTAGE_DB_PASSWORD";

    /** The login for a {@code jdbc:} URL; from now on its password is kept off the screen. */
    public DatabaseLogin login(CommandContext session, String url) {
        String password = password(session, url);
        if (password != null) {
            session.screen().hide(List.of(password));
        }
        DatabaseLogin login = new DatabaseLogin(url, user, password, driver);
        login.warning().ifPresent(session.screen()::warnOnce);
        return login;
    }

    /**
     * With the table that the place names, if it names one.
     *
     * @throws Failure if --table names another
     */
    public DatabaseAccess of(Destination.Database place) {
        TableName named = place.table();
        if (named != null && table != null && !named.equals(table)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the command names two tables",
                    "--table names " + table + ", and the database URL has table=" + named,
                    "leave one of them out");
        }
        return named == null ? this : new DatabaseAccess(named, user, passwordFile, driver);
    }

    private @Nullable String password(CommandContext session, String url) {
        if (passwordFile != null) {
            return PasswordFile.read(passwordFile);
        }
        String password = session.environment().get(PASSWORD);
        // PostgreSQL's driver looks into ~/.pgpass by itself, but not into what psql takes from the environment.
        return password == null && url.startsWith("jdbc:postgresql:")
                ? session.environment().get("PGPASSWORD")
                : password;
    }
}
