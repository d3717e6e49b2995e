package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.sink.Mutation;
import dev.kstage.sink.SegmentRecord;
import dev.kstage.sink.Tree;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.read.StoredTable;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.verify.read.DeadLetterTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever can write to a file of SQLite can write anything into kstage's own tables, for SQLite keeps any value in any
 * column. Whatever it is, a run or a reader uses no table that it was not told of, ends with a message, and soon.
 */
final class HostileDatabaseTest {
    private static final long SEED = Long.getLong("kstage.seed", 20_261_127L);
    private static final int MUTANTS_OF_VALUES = 1_500;
    private static final int MUTANTS_OF_BYTES = 700;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Origin ORDERS = new Origin("orders", "id-1");
    private static final List<String> OWN = List.of("kstage_sink", "kstage_position", "orders_dead_letter");

    private Path base = Path.of("");
    private Path file = Path.of("");
    private byte[] template = {};

    /** What is tried with a database. */
    private interface Use {
        void run() throws SQLException;
    }

    @BeforeEach
    void make() throws IOException, SQLException {
        // In memory, where there is such a file system: what is synced is of no interest here.
        Path memory = Path.of("/dev/shm");
        base = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "kstage-hostile")
                : Files.createTempDirectory("kstage-hostile");
        file = base.resolve("events.db");
        store();
        store();
        try (Connection connection = plain();
                Statement statement = connection.createStatement()) {
            // Of another use, and yet with the columns that dead letters have.
            statement.execute("CREATE TABLE precious AS SELECT * FROM orders_dead_letter WHERE 0");
            for (String table : OWN) {
                statement.execute("CREATE TABLE without_types AS SELECT * FROM " + table);
                statement.execute("DROP TABLE " + table);
                statement.execute("ALTER TABLE without_types RENAME TO " + table);
            }
            statement.execute("PRAGMA journal_mode=DELETE");
        }
        template = Files.readAllBytes(file);
        store();
        assertThat(count("orders")).isEqualTo(3);
        assertThat(count("orders_dead_letter")).isEqualTo(3);
    }

    @AfterEach
    void remove() throws IOException {
        Tree.remove(base);
    }

    private Connection plain() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private long count(String table) throws SQLException {
        try (Connection connection = plain();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return row.getLong(1);
        }
    }

    private DatabaseLogin login() {
        return new DatabaseLogin("jdbc:sqlite:" + file, null, null, null);
    }

    private void store() {
        JdbcSink.Settings settings = new JdbcSink.Settings(login(), TableName.of("orders"), List.of(), null);
        try (JdbcSink table = new JdbcSink(settings, "orders", null)) {
            table.open(ORDERS, 2);
            Position known = table.takeOver(Set.of(0)).of(0);
            if (known == null) {
                known = new Position(0, 4);
                table.initializeOffsets(Positions.of(Map.of(0, known)));
            }
            Results results = new Results();
            results.store(SegmentRecord.of(0, known.next(), "{\"value\":1}"));
            results.reject(SegmentRecord.of(0, known.next() + 1, "bad"), "is bad");
            table.write(results);
            table.commit(Positions.of(Map.of(0, new Position(known.next() + 2, 4))));
        }
    }

    private void read() {
        StoredDatabase database = new StoredDatabase(login());
        StoredDatabase.Store store = database.store(TableName.of("orders"), null);
        database.requireNamed(store, null);
        StoredTable rows = new StoredTable(database, store.table());
        rows.reached();
        rows.forEach(row -> {}, fault -> {});
        new DeadLetterTable(database, store).forEach(letter -> {});
    }

    @Test
    @Timeout(300)
    void no_value_of_its_own_tables_is_obeyed() throws IOException, SQLException {
        Mutation mutation = new Mutation(SEED, base.resolve("precious"));
        List<String> columns = columns();
        for (int mutant = 0; mutant < MUTANTS_OF_VALUES; mutant++) {
            Files.write(file, template);
            // Each column in turn; some with another one.
            String what = change(mutation, columns.get(mutant % columns.size()));
            if (mutation.below(4) == 0) {
                what += ", " + change(mutation, columns.get(mutation.below(columns.size())));
            }
            String mutated = what + ", mutant " + mutant + " of seed " + SEED;
            use(mutated);
            assertThat(count("precious")).as(mutated).isZero();
        }
    }

    @Test
    @Timeout(300)
    void a_damaged_file_is_reported() throws IOException {
        Mutation mutation = new Mutation(SEED, base.resolve("precious"));
        for (int mutant = 0; mutant < MUTANTS_OF_BYTES; mutant++) {
            byte[] damaged = template;
            if (mutation.below(3) == 0) {
                damaged = mutation.of(template);
            } else {
                for (int flips = 1 + mutation.below(20); flips > 0; flips--) {
                    // Half of them where the file says how it is made.
                    int at = mutation.below(2) == 0 ? mutation.below(4_096) : mutation.below(template.length);
                    damaged = mutation.flipped(damaged, at);
                }
            }
            Files.write(file, damaged);
            use("damage " + mutant + " of seed " + SEED);
        }
    }

    private List<String> columns() throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Connection connection = plain();
                Statement statement = connection.createStatement()) {
            for (String table : OWN) {
                try (ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
                    while (rows.next()) {
                        columns.add(table + " SET \"" + rows.getString("name") + "\"");
                    }
                }
            }
        }
        assertThat(columns).hasSizeGreaterThan(20);
        return columns;
    }

    private String change(Mutation mutation, String column) throws SQLException {
        @Nullable Object value = value(mutation);
        try (Connection connection = plain();
                PreparedStatement update = connection.prepareStatement("UPDATE " + column + " = ?")) {
            update.setObject(1, value);
            update.executeUpdate();
        }
        return column + " = " + (value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
    }

    private static @Nullable Object value(Mutation mutation) {
        byte[] text = mutation.of("{\"a\":\"orders\",\"b\":7}".getBytes(StandardCharsets.UTF_8));
        List<@Nullable Object> values = Arrays.asList(
                null,
                "precious",
                "orders",
                "main.precious",
                "\"precious\"",
                "kstage_sink",
                "sqlite_schema",
                "a\"; DROP TABLE orders; --",
                "",
                " ",
                "\0",
                "..",
                "x".repeat(100_000),
                new byte[0],
                text,
                new String(text, StandardCharsets.UTF_8),
                new String(text, StandardCharsets.ISO_8859_1),
                0,
                -1,
                7,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Integer.MAX_VALUE + 1L,
                1e300,
                0.5,
                Double.POSITIVE_INFINITY,
                "7",
                "99999999999999999999");
        return values.get(mutation.below(values.size()));
    }

    private void use(String what) throws IOException {
        for (String sidecar : List.of("-wal", "-shm", "-journal")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + sidecar));
        }
        for (Use use : List.<Use>of(this::read, this::store, this::read)) {
            long start = System.nanoTime();
            try {
                use.run();
            } catch (Failure | CommitConflict | RetriableFailure e) {
                // Told, whatever it is.
                assertThat(e).hasMessageNotContaining("Exception");
            } catch (SQLException | RuntimeException | Error e) {
                throw new AssertionError(what, e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(LONGEST);
        }
    }
}
