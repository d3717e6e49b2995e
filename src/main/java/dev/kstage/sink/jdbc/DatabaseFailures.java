package dev.kstage.sink.jdbc;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.sink.disk.DiskFull;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.stage.RetriableFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps errors of a database to failures of a stage.
 *
 * @param database the database, without secrets
 */
public record DatabaseFailures(Dialect dialect, String database) {
    // Longer than a restart of a server or a failover to a standby.
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The remedy if the database rejects user or password. */
    public static final String CHECK_LOGIN =
            "check the URL, --user and the password (--password-file, KSTAGE_DB_PASSWORD, or"
                    + " for PostgreSQL PGPASSWORD and ~/.pgpass)";

    private static final int LONGEST_REASON = 300;
    private static final int MOST_LINES = 4;
    /** DuckDB quotes the statement, and Oracle adds a URL of its documentation. */
    private static final Pattern STATEMENT = Pattern.compile("LINE \\d+:|https?://");
    /** The lines that PostgreSQL adds: Detail, Hint, Where, Position. */
    private static final Pattern DETAIL = Pattern.compile("\\s+\\w[\\w ]*: ");

    /**
     * The exception for an error while doing {@code what}; a {@link RetriableFailure} if the error may be temporary.
     */
    RuntimeException of(String what, SQLException e) {
        String why = reason(e);
        return switch (dialect.fault(e)) {
            case TEMPORARY ->
                new RetriableFailure(
                        new Failure(
                                Failure.Kind.TEMPORARY,
                                what,
                                why,
                                "when the database responds again, run the same command again; it continues"
                                        + " after the last commit",
                                e),
                        PATIENCE);
            case FULL ->
                new RetriableFailure(
                        new Failure(
                                Failure.Kind.FAILED,
                                what,
                                why,
                                "free some space, then run the same command again; it continues after the last commit",
                                e),
                        DiskFull.PATIENCE);
            case LOGIN -> new Failure(Failure.Kind.USAGE, what, why, CHECK_LOGIN, e);
            case DENIED ->
                new Failure(
                        Failure.Kind.FAILED,
                        what,
                        why,
                        "ask the owner to grant this user CREATE in the schema, or INSERT, SELECT and UPDATE on"
                                + " the tables",
                        e);
            case DUPLICATE ->
                new Failure(
                        Failure.Kind.FAILED,
                        what,
                        "the table has a row that this sink did not commit: " + why,
                        "another program wrote to the table, or changed its offsets in kstage_position; undo that first"
                                + " (nothing of this batch is stored)",
                        e);
            case RECORD, OTHER ->
                new Failure(
                        Failure.Kind.FAILED,
                        what,
                        why,
                        "fix this, then run the same command again; it continues after the last commit",
                        e);
        };
    }

    /** The failure for an error that nobody can retry. */
    Failure finalOf(String what, SQLException e) {
        RuntimeException thrown = of(what, e);
        return thrown instanceof RetriableFailure notStored ? notStored.failure() : (Failure) thrown;
    }

    /**
     * The message of the database, on one line and without the statement. Some databases put the kind of the error on
     * the first line and the reason on the next. The details that PostgreSQL adds are left out.
     */
    public static String reason(SQLException e) {
        String line = String.valueOf(e.getMessage())
                .split("; SQL statement:", 2)[0]
                .lines()
                .takeWhile(each -> !STATEMENT.matcher(each).lookingAt())
                .filter(each -> !each.isBlank() && !DETAIL.matcher(each).lookingAt())
                .map(String::strip)
                .limit(MOST_LINES)
                .collect(Collectors.joining(" "))
                .replaceFirst("^(ERROR|FATAL): ", "")
                .replaceFirst("^\\[SQLITE_\\w+]\\s*", "");
        return Text.harmless(line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line);
    }
}
