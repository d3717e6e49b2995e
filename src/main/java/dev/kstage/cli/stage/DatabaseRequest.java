package dev.kstage.cli.stage;

import dev.kstage.cli.terminal.Session;
import dev.kstage.sink.Column;
import dev.kstage.sink.DatabaseLogin;
import dev.kstage.sink.DatabaseTable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a database beside its URL.
 *
 * @param table the table of the results, or null for one named as the topic
 * @param columns those that are filled from fields of the values
 * @param user null to let the URL or the driver choose
 * @param passwordFile a file whose first line is the password, or null for the environment
 * @param driver the jar of a driver, or null for one of kstage's own
 */
record DatabaseRequest(
        @Nullable String table,
        List<Column> columns,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path driver) {
    private static final String PASSWORD = "KSTAGE_DB_PASSWORD";

    DatabaseTable.Settings settings(Session session, String url, String topic, @Nullable String deadLetters) {
        String password = password(session, url);
        if (password != null) {
            session.screen().hide(List.of(password));
        }
        return new DatabaseTable.Settings(
                new DatabaseLogin(url, user, password, driver), table == null ? topic : table, columns, deadLetters);
    }

    private @Nullable String password(Session session, String url) {
        if (passwordFile != null) {
            return DatabaseLogin.passwordIn(passwordFile);
        }
        String password = session.environment().get(PASSWORD);
        // PostgreSQL's driver looks into ~/.pgpass by itself, but not into what psql takes from the environment.
        return password == null && url.startsWith("jdbc:postgresql:")
                ? session.environment().get("PGPASSWORD")
                : password;
    }
}
