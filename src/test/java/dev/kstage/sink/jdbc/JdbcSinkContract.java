package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.installed.PostgresServer;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.read.DeadLetterRow;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.read.StoredTable;
import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for a table in every database. */
public abstract class JdbcSinkContract {
    public static final Origin TOPIC = new Origin("orders", "id-1");
    public static final long TIME = 1_767_225_600_123L;

    /** How to reach a database that is empty before each test. */
    abstract DatabaseLogin login();

    /** A connection past all code of kstage. */
    abstract Connection plain() throws SQLException;

    List<String> query(String sql) {
        try (Connection connection = plain()) {
            return PostgresServer.query(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = plain();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    JdbcSink.Settings settings(String table, String columns, @Nullable String deadLetters) {
        return new JdbcSink.Settings(
                login(), TableName.of(table), columns.isEmpty() ? List.of() : Column.list(columns), deadLetters);
    }

    /** A table that is open, with partitions 0 and 1 claimed and begun at 0. */
    JdbcSink open(String columns) {
        JdbcSink table = new JdbcSink(settings("orders", columns, null), "orders", null);
        table.open(TOPIC, 2);
        Positions known = table.takeOver(Set.of(0, 1));
        if (known.isEmpty()) {
            table.initializeOffsets(Positions.of(Map.of(0, Position.at(0), 1, Position.at(0))));
        }
        return table;
    }

    static Record record(int partition, long offset, @Nullable String key, String value) {
        return new Record(partition, offset, TIME, key == null ? null : Bytes.of(key), Bytes.of(value), List.of());
    }

    static Results stored(Record... records) {
        Results results = new Results();
        for (Record each : records) {
            results.store(each);
        }
        return results;
    }

    static Positions at(int partition, long next) {
        return Positions.of(Map.of(partition, new Position(next, 4)));
    }

    private static void refused(ThrowingCallable attempt, String... parts) {
        assertThatThrownBy(attempt).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.what() + "\n" + failure.why() + "\n" + failure.remedy())
                    .contains(parts);
        });
    }

    @Test
    void a_creation_that_is_rejected_leaves_nothing_that_binds_the_next() {
        refused(
                () -> new JdbcSink(settings("orders", "", null), "orders", "taken", () -> {
                    throw new Failure(Failure.Kind.USAGE, "group taken", "it is another's", "choose another");
                }),
                "group taken");

        try (JdbcSink table = new JdbcSink(settings("orders", "", null), "orders", "free")) {
            assertThat(table.group()).isEqualTo("free");
        }
    }

    @Test
    void stores_values_byte_for_byte_with_their_offset_and_continues_from_there() {
        String value = "{ \"a\" :\n1,\t\"ä\\u0000\\\\\":\"\\\"x\\n\", \"a\":2.10}";
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, "k\t\\N\n", value), record(1, 7, null, "[]")));
            table.commit(Positions.of(Map.of(0, new Position(1, 4), 1, new Position(9, 5))));
        }
        assertThat(query("SELECT \"_topic\", \"_partition\", \"_offset\", \"_key\", \"_value\" FROM \"orders\""
                        + " ORDER BY \"_partition\""))
                .containsExactly("orders|0|0|k\t\\N\n|" + value, "orders|1|7|null|[]");
        try (JdbcSink again = new JdbcSink(settings("orders", "", null), "orders", null)) {
            assertThat(again.open(TOPIC, 5)).isEqualTo(2);
            assertThat(again.takeOver(Set.of(0, 1, 2)))
                    .isEqualTo(Positions.of(Map.of(0, new Position(1, 4), 1, new Position(9, 5))));
        }
    }

    @Test
    void what_is_written_and_not_committed_is_as_if_it_had_never_been() {
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, null, "1")));
            table.abort();
            assertThat(table.takeOver(Set.of(0))).isEqualTo(Positions.of(Map.of(0, Position.at(0))));
            table.write(stored(record(0, 0, null, "2")));
            table.commit(at(0, 1));
            table.write(stored(record(0, 1, null, "3")));
        }
        assertThat(query("SELECT \"_value\" FROM \"orders\"")).containsExactly("2");
    }

    @Test
    void dead_letters_are_stored_whole_in_the_same_commit() {
        byte[] binary = {(byte) 0xff, 0, 1};
        Record bad = new Record(
                0,
                3,
                TIME,
                Bytes.of(binary),
                null,
                List.of(new Header("h", Bytes.of("v")), new Header("b", Bytes.of(binary)), new Header("n", null)));
        try (JdbcSink table = open("")) {
            Results results = new Results();
            results.reject(bad, "is wrong");
            table.write(results);
            table.commit(at(0, 4));
            assertThat(table.rejected()).isZero();
        }
        assertThat(query("SELECT \"_offset\", \"_reason\", \"_value\", \"_headers\" FROM \"orders_dead_letter\""))
                .containsExactly("3|is wrong|null|"
                        + "[{\"key\":\"h\",\"value\":\"v\"},{\"key\":\"b\",\"valueBase64\":\"/wAB\"},"
                        + "{\"key\":\"n\",\"value\":null}]");
        assertThat(bytes("SELECT \"_key\" FROM \"orders_dead_letter\"")).isEqualTo(binary);
    }

    private byte[] bytes(String sql) {
        try (Connection connection = plain();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getBytes(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_is_stored_is_read_back_with_how_far_it_was_read() {
        byte[] binary = {(byte) 0xff, 0, 1};
        Header header = new Header("h", Bytes.of(binary));
        Record bad = new Record(1, 3, TIME, null, Bytes.of(binary), List.of(header));
        try (JdbcSink table = open("")) {
            Results results = stored(record(0, 1, null, "{ \"b\":2}"), record(0, 0, "k", "1"));
            results.reject(bad, "is wrong");
            table.write(results);
            table.commit(Positions.of(Map.of(0, Position.at(2), 1, Position.at(4))));
        }
        StoredDatabase database = new StoredDatabase(login());

        StoredDatabase.Store store = database.store(null, "orders");
        StoredTable rows = new StoredTable(database, store.table());
        List<String> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.where() + ": " + row.value()), values::add);
        List<DeadLetterRow> letters = new ArrayList<>();
        DeadLetterRow.forEach(database, Objects.requireNonNull(store.deadLetters()), letters::add);

        assertThat(values).containsExactly("partition 0, offset 0: 1", "partition 0, offset 1: { \"b\":2}");
        assertThat(rows.reached().topic()).isEqualTo(TOPIC);
        assertThat(rows.reached().positions().next()).isEqualTo(Map.of(0, 2L, 1, 4L));
        assertThat(letters)
                .containsExactly(new DeadLetterRow(
                        "orders",
                        1,
                        3,
                        TIME,
                        "is wrong",
                        null,
                        Bytes.of(binary),
                        "[{\"key\":\"h\",\"valueBase64\":\"/wAB\"}]"));
        refused(() -> database.store(null, "others"), "cannot choose a table of", "the tables are orders", "--table");
    }

    @Test
    void fields_fill_columns_and_a_value_that_does_not_fit_is_a_dead_letter() {
        try (JdbcSink table = open("user_id bigint, amount numeric, at timestamptz, ok boolean, tags json")) {
            table.write(stored(
                    record(
                            0,
                            0,
                            null,
                            "{\"user_id\":7,\"amount\":1.25,\"at\":\"2026-01-31T12:00:00+01:00\","
                                    + "\"ok\":true,\"tags\":[1, 2]}"),
                    record(0, 1, null, "{\"user_id\":\"seven\"}"),
                    record(0, 2, null, "[]"),
                    record(0, 3, null, "{}")));
            table.commit(at(0, 4));
            assertThat(table.rejected()).isEqualTo(2);
        }
        assertThat(query("SELECT \"_offset\", \"user_id\", \"tags\" FROM \"orders\" ORDER BY \"_offset\""))
                .containsExactly("0|7|[1, 2]", "3|null|null");
        assertThat(query("SELECT CAST(\"amount\" AS double precision) FROM \"orders\" WHERE \"_offset\" = 0"))
                .containsExactly("1.25");
        assertThat(query("SELECT \"_offset\", \"_reason\" FROM \"orders_dead_letter\" ORDER BY \"_offset\""))
                .containsExactly(
                        "1|user_id: \"seven\" is not a bigint",
                        "2|the value is not a JSON object, so it has no" + " fields for columns");
    }

    @Test
    void columns_are_read_back_as_what_filled_them() {
        String columns = "name text, i int, user_id bigint, amount numeric, share double, at timestamptz,"
                + " local timestamp, day date, ok boolean, tags json";
        String value = "{\"name\":\"\u00e9'\",\"i\":1e2,\"user_id\":7,\"amount\":12.50,\"share\":0.1,"
                + "\"at\":\"2026-01-31T12:00:00.123456+01:00\",\"local\":\"2026-01-31T12:00\","
                + "\"day\":\"2026-01-31\",\"ok\":false,\"tags\":[1, 2]}";
        try (JdbcSink table = open(columns)) {
            table.write(stored(record(0, 0, "k", value), record(0, 1, "k", "{\"name\":\"\",\"i\":null}")));
            table.commit(at(0, 2));
        }
        assertThat(faults()).containsExactly("null", "null");
    }

    @Test
    void texts_that_are_numbers_and_times_that_are_numbers_are_stored_as_these() {
        try (JdbcSink table =
                open("n numeric, i int, ok boolean, s timestamptz(s), ms timestamp(ms), bare timestamptz")) {
            table.write(stored(
                    record(
                            0,
                            0,
                            null,
                            "{\"n\":\"12.5\",\"i\":\"7\",\"ok\":\"true\",\"s\":1767261600,\"ms\":1767261600500}"),
                    record(0, 1, null, "{\"n\":\"12,5\"}"),
                    record(0, 2, null, "{\"bare\":1767261600}")));
            table.commit(at(0, 3));
        }
        assertThat(query("SELECT CAST(\"n\" AS double precision), \"i\" FROM \"orders\""))
                .containsExactly("12.5|7");
        assertThat(query("SELECT \"_offset\", \"_reason\" FROM \"orders_dead_letter\" ORDER BY \"_offset\""))
                .containsExactly(
                        "1|n: \"12,5\" is not a numeric",
                        "2|bare: 1767261600 is a number without a unit: write timestamptz(s), timestamptz(ms) or"
                                + " timestamptz(us) in --columns");
        assertThat(faults()).containsExactly("null");
    }

    /** Of each row, what is not as its value says. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        new StoredTable(new StoredDatabase(login()), TableName.of("orders"))
                .forEach(row -> faults.add(String.valueOf(row.fault())), faults::add);
        return faults;
    }

    @Test
    void a_key_that_is_no_text_makes_a_dead_letter() {
        Record bad = new Record(0, 0, TIME, Bytes.of(new byte[] {(byte) 0xc3, 40}), Bytes.of("1"), List.of());
        try (JdbcSink table = open("")) {
            table.write(stored(bad));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT \"_reason\" FROM \"orders_dead_letter\"")).containsExactly("its key is not UTF-8");
        assertThat(bytes("SELECT \"_value\" FROM \"orders_dead_letter\"")).isEqualTo(new byte[] {'1'});
    }

    @Test
    void a_value_of_ten_megabytes_and_one_of_depth_1000_are_stored() {
        String deep = "[".repeat(1_000) + "]".repeat(1_000);
        String large = '"' + "x".repeat(10 << 20) + '"';
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, null, large), record(0, 1, null, deep)));
            table.commit(at(0, 2));
        }
        assertThat(query("SELECT \"_value\" FROM \"orders\" ORDER BY \"_offset\""))
                .containsExactly(large, deep);
    }

    @Test
    void a_newer_owner_makes_a_commit_lose_the_race_and_nothing_of_it_is_stored() {
        try (JdbcSink table = open("")) {
            execute("UPDATE \"kstage_position\" SET owner_epoch = owner_epoch + 1");
            table.write(stored(record(0, 0, null, "1")));

            assertThatThrownBy(() -> table.commit(at(0, 1)))
                    .isInstanceOf(CommitConflict.class)
                    .hasMessage("partition 0 has a newer owner");

            table.abort();
            assertThat(query("SELECT * FROM \"orders\"")).isEmpty();
            assertThat(table.takeOver(Set.of(0))).isEqualTo(Positions.of(Map.of(0, Position.at(0))));
            table.write(stored(record(0, 0, null, "1")));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT \"_value\" FROM \"orders\"")).containsExactly("1");
    }

    @Test
    void a_position_that_was_moved_makes_a_commit_lose_the_race() {
        try (JdbcSink table = open("")) {
            execute("UPDATE \"kstage_position\" SET next_offset = 9 WHERE \"partition\" = 0");
            table.write(stored(record(0, 0, null, "1")));

            assertThatThrownBy(() -> table.commit(at(0, 1))).isInstanceOf(CommitConflict.class);
        }
        assertThat(query("SELECT * FROM \"orders\"")).isEmpty();
    }

    @Test
    void a_row_that_is_there_already_is_a_loud_failure_and_no_dead_letter() {
        try (JdbcSink table = open("")) {
            execute("INSERT INTO \"orders\" (\"_topic\", \"_partition\", \"_offset\", \"_value\")"
                    + " VALUES ('orders', 0, 1, '0')");
            table.write(stored(record(0, 0, null, "1"), record(0, 1, null, "2")));

            assertThatThrownBy(() -> table.commit(at(0, 2))).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
                assertThat(failure.why()).startsWith("the table has a row that this sink did not commit");
            });
        }
        assertThat(query("SELECT \"_value\" FROM \"orders\"")).containsExactly("0");
        assertThat(query("SELECT * FROM \"orders_dead_letter\"")).isEmpty();
        assertThat(query("SELECT next_offset FROM \"kstage_position\" WHERE \"partition\" = 0"))
                .containsExactly("0");
    }

    @Test
    void asked_for_no_dead_letters_it_stops_at_the_first_and_names_it() {
        try (JdbcSink table = new JdbcSink(settings("orders", "n int", "none"), "orders", null)) {
            table.open(TOPIC, 1);
            table.takeOver(Set.of(0));
            table.initializeOffsets(at(0, 5));

            assertThatThrownBy(() -> table.write(stored(record(0, 5, null, "{\"n\":\"x\"}"))))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
                        assertThat(failure.what()).contains("offset 5 of partition 0 of topic orders");
                        assertThat(failure.why()).isEqualTo("n: \"x\" is not an int");
                    });
        }
    }

    @Test
    void keeps_the_group_and_the_id_of_its_creation() {
        String group;
        String id;
        try (JdbcSink table = open("")) {
            group = table.group();
            id = table.sinkId();
        }
        assertThat(group).isEqualTo("kstage-orders-" + id.substring(0, 6));
        try (JdbcSink again = open("")) {
            assertThat(again.group()).isEqualTo(group);
            assertThat(again.sinkId()).isEqualTo(id);
        }
        refused(
                () -> new JdbcSink(settings("orders", "", null), "orders", "other"),
                "table orders belongs to group " + group,
                "this run uses other");
    }

    @Test
    void refuses_another_topic_and_one_that_was_created_again() {
        open("").close();
        try (JdbcSink table = new JdbcSink(settings("orders", "", null), "orders", null)) {
            refused(
                    () -> table.open(new Origin("orders", "id-2"), 2),
                    "topic orders is not the topic that table orders was filled from",
                    "its id was id-1 and is id-2");
            refused(() -> table.open(new Origin("carts", "id-3"), 2), "table orders holds records of topic orders");
        }
    }

    @Test
    void refuses_tables_that_are_not_its_own_or_not_what_they_were() {
        execute("CREATE TABLE \"orders\" (a int)");
        refused(() -> open(""), "table orders in", "already exists", "kstage did not create it");
        execute("DROP TABLE \"orders\"");
        execute("CREATE TABLE \"orders_dead_letter\" (a int)");
        refused(() -> open(""), "table orders_dead_letter in", "already exists");
        execute("DROP TABLE \"orders_dead_letter\"");
        open("a int").close();
        refused(() -> open(""), "table orders in", "does not have the requested columns", "--columns");
        refused(() -> open("b int"), "does not have the requested columns");
        refused(
                () -> new JdbcSink(settings("orders", "a int", "graveyard"), "orders", null),
                "the dead-letter records of table orders are in orders_dead_letter");
        execute("DROP TABLE \"orders\"");
        refused(() -> open("a int"), "table orders in", "was deleted");
        refused(
                () -> new JdbcSink(settings("kstage_sink", "", null), "orders", null),
                "cannot store in table kstage_sink");
    }

    @Test
    void names_may_have_any_characters() {
        JdbcSink.Settings settings = settings("my \"odd\" table.v1", "\"a b\" int", "déad");
        try (JdbcSink table = new JdbcSink(settings, "orders", null)) {
            table.open(TOPIC, 1);
            table.takeOver(Set.of(0));
            table.initializeOffsets(at(0, 0));
            table.write(stored(record(0, 0, "ключ", "{\"a b\":3}"), record(0, 1, null, "{\"a b\":\"c\"}")));
            table.commit(at(0, 2));
        }
        assertThat(query("SELECT \"_key\", \"a b\" FROM \"my \"\"odd\"\" table.v1\""))
                .containsExactly("ключ|3");
        assertThat(query("SELECT \"_reason\" FROM \"déad\"")).hasSize(1);
        new JdbcSink(settings, "orders", null).close();
    }

    @Test
    void fields_may_have_the_names_that_are_common_in_events() {
        String columns = "timestamp text, key text, value int, topic text, partition int, \"offset\" bigint";
        String event = "{\"timestamp\":\"t\",\"key\":\"k\",\"value\":1,\"topic\":\"x\",\"partition\":2,\"offset\":3}";
        try (JdbcSink table = open(columns)) {
            table.write(stored(record(1, 7, "of kafka", event)));
            table.commit(at(1, 8));
        }
        assertThat(query("SELECT \"timestamp\", \"key\", \"value\", \"topic\", \"partition\", \"offset\","
                        + " \"_partition\","
                        + " \"_offset\", \"_key\", \"_value\" FROM \"orders\""))
                .containsExactly("t|k|1|x|2|3|1|7|of kafka|" + event);
        assertThat(faults()).containsExactly("null");
        open(columns).close();
    }

    @Test
    void a_table_with_the_columns_of_an_earlier_version_is_refused_and_continues_once_they_are_renamed() {
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, null, "1")));
            table.commit(at(0, 1));
        }
        rename("orders", "_", "");
        String why = "table orders in " + login().displayName() + " was created by an earlier version of kstage";
        refused(() -> open(""), why, "ALTER TABLE ... RENAME COLUMN topic TO _topic");
        refused(this::faults, why);
        rename("orders", "", "_");
        rename("orders_dead_letter", "_", "");
        refused(() -> open(""), "table orders_dead_letter in", "was created by an earlier version of kstage");
        rename("orders_dead_letter", "", "_");

        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 1, null, "2")));
            table.commit(at(0, 2));
        }
        assertThat(faults()).containsExactly("null", "null");
    }

    private void rename(String table, String from, String to) {
        List<String> names = new ArrayList<>(List.of("topic", "partition", "offset", "timestamp", "key", "value"));
        if (table.endsWith("_dead_letter")) {
            names.addAll(List.of("reason", "headers"));
        }
        names.forEach(name -> execute(
                "ALTER TABLE \"" + table + "\" RENAME COLUMN \"" + from + name + "\" TO \"" + to + name + "\""));
    }
}
