package dev.kstage.contract;

import dev.kstage.installed.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of a database, which is named as the topic. */
abstract class TableStore implements StoreUnderTest {
    private final String table;

    private TableStore(String table) {
        this.table = table;
    }

    /** In a file of SQLite. */
    static StoreUnderTest inSqlite(Path room, String table) {
        Path file = room.resolve("events.db");
        return new TableStore(table) {
            @Override
            public String place() {
                return "sqlite:" + file;
            }

            @Override
            public Path room() {
                return room;
            }

            @Override
            @Nullable
            Connection connect() throws SQLException {
                return Files.exists(file) ? DriverManager.getConnection("jdbc:sqlite:" + file) : null;
            }
        };
    }

    /** In a database of its own of a PostgreSQL server. */
    static StoreUnderTest inPostgres(PostgresServer server, String table) {
        server.createDatabase(table);
        Path room = server.createDirectory(table);
        return new TableStore(table) {
            @Override
            public String place() {
                return server.url(table);
            }

            @Override
            public Path room() {
                return room;
            }

            @Override
            public Room moveIn() {
                server.execute("postgres", "CREATE TABLESPACE " + table + " LOCATION '" + room + "'");
                server.execute("postgres", "ALTER DATABASE " + table + " SET default_tablespace = " + table);
                return () -> {
                    server.execute("postgres", "DROP DATABASE " + table + " WITH (FORCE)");
                    server.execute("postgres", "DROP TABLESPACE " + table);
                };
            }

            @Override
            public Map<String, String> environment() {
                return Map.of("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
            }

            @Override
            Connection connect() throws SQLException {
                return server.connect(table);
            }
        };
    }

    /** A connection, or null while there is no database yet. */
    abstract @Nullable Connection connect() throws SQLException;

    private interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    @Override
    public List<Row> rows() {
        return select(
                table,
                "_value",
                row -> new Row(row.getInt("_partition"), row.getLong("_offset"), row.getString("_value")));
    }

    @Override
    public List<DeadRow> deadLetters() {
        return select(
                table + "_dead_letter",
                "_reason",
                row -> new DeadRow(row.getInt("_partition"), row.getLong("_offset"), row.getString("_reason")));
    }

    private <T> List<T> select(String from, String column, Mapping<T> mapping) {
        List<T> all = new ArrayList<>();
        try (Connection connection = connect()) {
            if (connection == null) {
                return all;
            }
            try (ResultSet tables = connection.getMetaData().getTables(null, null, from, null)) {
                if (!tables.next()) {
                    return all;
                }
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT _partition, _offset, " + column + " FROM \"" + from
                            + "\" ORDER BY _partition, _offset")) {
                while (row.next()) {
                    all.add(mapping.of(row));
                }
            }
            return all;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
