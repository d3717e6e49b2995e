package dev.kstage.sink.jdbc.read;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.DatabaseFailures;
import dev.kstage.sink.jdbc.StoredValues;
import dev.kstage.sink.jdbc.TableInitializer;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.connection.SqliteFile;
import dev.kstage.sink.jdbc.schema.DatabaseCatalog;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.MetadataColumns;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.sink.jdbc.schema.TableSchema;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a database of results with SQL that any other program could use. It creates and changes nothing. */
public record StoredDatabase(DatabaseLogin login) {
    // A compromise between round trips and memory: a value may have a megabyte, but most have a hundred bytes.
    private static final int ROWS_AT_ONCE = 1_000;

    /**
     * A table of results.
     *
     * @param id the id of its sink; null for a table that is not in {@code kstage_sink}
     * @param topic the topic of its records, if that is known
     * @param deadLetters its dead-letter table; null if none is known
     */
    public record Store(
            TableName table,
            @Nullable String id,
            @Nullable Origin topic,
            @Nullable TableName deadLetters) {}

    /** Reads one row. */
    @FunctionalInterface
    interface RowUse {
        void accept(ResultSet row) throws SQLException;
    }

    /** The database, without secrets. */
    public String displayName() {
        return login.displayName();
    }

    /**
     * The table to read.
     *
     * @param named the table that the user named, or null
     * @param topic the expected topic, or null
     * @throws Failure if there is no such table, or more than one
     */
    public Store store(@Nullable TableName named, @Nullable String topic) {
        List<Store> stores = stores();
        TableName table = named == null ? null : normal(named);
        if (table != null) {
            return stores.stream()
                    .filter(each -> each.table().equals(table))
                    .findFirst()
                    .orElseGet(() -> unknown(table));
        }
        List<Store> ofTopic = stores.stream()
                .filter(each -> topic == null
                        || (each.topic() != null && each.topic().name().equals(topic)))
                .toList();
        if (ofTopic.size() == 1) {
            return ofTopic.get(0);
        }
        for (Store each : ofTopic) {
            if (each.table().name().equals(topic)) {
                return each;
            }
        }
        String names = stores.stream().map(Store::table).map(String::valueOf).collect(Collectors.joining(", "));
        if (stores.isEmpty()) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read what is stored in " + displayName(),
                    "`kstage consume` has stored nothing there",
                    "check the name of the database, or name a table with --table");
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "cannot choose a table of " + displayName(),
                ofTopic.isEmpty()
                        ? "no table was filled from topic " + topic + "; the tables are " + names
                        : ofTopic.size() + " tables match: "
                                + ofTopic.stream()
                                        .map(Store::table)
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")),
                "name the table with --table");
    }

    /** The table of results whose dead-letter records are in this table, if there is one. */
    public Optional<Store> storeOfDeadLetters(@Nullable TableName deadLetters) {
        TableName wanted = deadLetters == null ? null : normal(deadLetters);
        return wanted == null
                ? Optional.empty()
                : stores().stream()
                        .filter(each -> wanted.equals(each.deadLetters()))
                        .findFirst();
    }

    private Store unknown(TableName table) {
        if (!isThere(table)) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read table " + table + " in " + displayName(),
                    "there is no such table",
                    "use --table to name a table that `kstage consume` has stored in");
        }
        return new Store(table, null, null, null);
    }

    /** All tables of results in {@code kstage_sink}; those of the default schema come first. */
    public List<Store> stores() {
        List<Store> stores = new ArrayList<>();
        Optional<String> current = inCatalog(catalog -> Optional.ofNullable(catalog.current()));
        for (TableName sinks : inCatalog(catalog -> catalog.all(TableSchema.SINKS))) {
            try {
                select(
                        sinks,
                        "SELECT sink, sink_id, topic, topic_id, dead_letter FROM {table} ORDER BY sink",
                        null,
                        row -> stores.add(store(sinks, row, current.orElse(null))));
            } catch (Failure failure) {
                // Tables of another user in another schema are ignored.
                boolean isOthers = sinks.schema() != null
                        && failure.getCause() instanceof SQLException e
                        && Dialect.of(login).fault(e) == Dialect.Fault.DENIED;
                if (!isOthers) {
                    throw failure;
                }
            }
        }
        return stores;
    }

    private static Store store(TableName sinks, ResultSet row, @Nullable String current) throws SQLException {
        StoredValues stored = new StoredValues(row, sinks.toString());
        String topic = stored.nameOrNull(3);
        String id = stored.nameOrNull(4);
        TableName table = sinks.beside(stored.name(1));
        return new Store(
                table,
                stored.name(2),
                topic == null || id == null ? null : new Origin(topic, id),
                TableInitializer.deadLetters(table, stored.name(5), current));
    }

    /**
     * Rejects a dead-letter table in another schema than the results, unless the user named that table.
     *
     * @param named the table that the user named, or null
     */
    public void requireNamed(Store store, @Nullable TableName named) {
        TableName own = store.deadLetters();
        if (own == null) {
            return;
        }
        String what = "table " + store.table() + " has its dead-letter records in " + own;
        if (named == null && !Objects.equals(own.schema(), store.table().schema())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    what,
                    "anyone who can write to kstage_sink could have changed that name, so kstage does not use"
                            + " it unconfirmed",
                    "confirm the table: kstage dead-letter list DATABASE --table " + own
                            + ", or kstage verify --dead-letter " + own);
        }
        if (named != null
                && !normal(named.schema() == null ? store.table().beside(named.name()) : named)
                        .equals(own)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    what,
                    "--dead-letter is " + named,
                    "leave out --dead-letter, or name that table");
        }
    }

    /** The stored offsets of a table. */
    Positions positions(TableName table) {
        Map<Integer, Position> positions = new HashMap<>();
        select(
                table.beside(TableSchema.POSITIONS),
                "SELECT \"partition\", next_offset FROM {table} WHERE sink = ? AND next_offset IS NOT NULL",
                table.name(),
                row -> {
                    StoredValues stored = new StoredValues(row, TableSchema.POSITIONS);
                    positions.put(stored.count(1, 0), Position.at(stored.number(2, 0, Long.MAX_VALUE - 1)));
                });
        return Positions.of(positions);
    }

    @FunctionalInterface
    private interface Look<T> {
        T in(DatabaseCatalog catalog) throws SQLException;
    }

    private <T> T inCatalog(Look<T> look) {
        try (Connection connection = connect()) {
            return look.in(new DatabaseCatalog(connection, Dialect.of(login)));
        } catch (SQLException e) {
            throw failure("cannot read " + displayName(), e);
        }
    }

    private TableName normal(TableName table) {
        return inCatalog(catalog -> catalog.normal(table));
    }

    private boolean isThere(TableName table) {
        return inCatalog(catalog -> catalog.has(table));
    }

    /** @throws Failure if the table was created by an earlier version */
    void refuseEarlier(TableName table) {
        Map<String, String> columns =
                inCatalog(catalog -> catalog.columns(DatabaseCatalog.quoted(catalog.quote(), table)));
        MetadataColumns.refuseEarlier(columns.keySet(), table, displayName());
    }

    /**
     * Passes each row to {@code use}, without loading all of them into memory.
     *
     * @param sql with <code>{table}</code> for the table, double quotes around names, and one question mark if there
     *     is an argument
     */
    void select(TableName table, String sql, @Nullable String argument, RowUse use) {
        try (Connection connection = connect()) {
            // Otherwise PostgreSQL's driver loads all rows into memory.
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(inItsQuotes(connection, table, sql))) {
                select.setFetchSize(ROWS_AT_ONCE);
                if (argument != null) {
                    select.setString(1, argument);
                }
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        use.accept(rows);
                    }
                }
            }
        } catch (SQLException e) {
            throw failure("cannot read table " + table + " in " + displayName(), e);
        }
    }

    private String inItsQuotes(Connection connection, TableName table, String sql) throws SQLException {
        String quote = new DatabaseCatalog(connection, Dialect.of(login)).quote();
        return sql.replace("\"", quote).replace("{table}", DatabaseCatalog.quoted(quote, table));
    }

    private Connection connect() throws SQLException {
        if (login.isSqlite()) {
            // SQLite would create the file.
            if (!Files.exists(SqliteFile.named(login.url()).path())) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        "cannot read " + displayName(),
                        "there is no such file",
                        "name the database that `kstage consume --to` stored in");
            }
        }
        return login.connect();
    }

    private Failure failure(String what, SQLException e) {
        String why = DatabaseFailures.reason(e);
        return switch (Dialect.of(login).fault(e)) {
            case TEMPORARY ->
                new Failure(
                        Failure.Kind.TEMPORARY,
                        what,
                        why,
                        "when the database responds again, run the same" + " command again",
                        e);
            case LOGIN -> new Failure(Failure.Kind.USAGE, what, why, DatabaseFailures.CHECK_LOGIN, e);
            case DENIED ->
                new Failure(Failure.Kind.FAILED, what, why, "ask the owner to grant this user SELECT on the tables", e);
            default ->
                new Failure(
                        Failure.Kind.FAILED,
                        what,
                        why,
                        "check that `kstage consume` stored in this database, and that the database works",
                        e);
        };
    }
}
