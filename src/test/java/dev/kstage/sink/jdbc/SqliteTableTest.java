package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.RetriableFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteTableTest extends JdbcSinkContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String parameters = "";

    private String url() {
        return "jdbc:sqlite:" + directory.resolve("events.db");
    }

    @Override
    DatabaseLogin login() {
        return new DatabaseLogin(url() + parameters, null, null, null);
    }

    @Override
    Connection plain() throws SQLException {
        return DriverManager.getConnection(url());
    }

    @Test
    void keeps_a_second_writer_of_the_table_out_and_lets_in_one_of_another_table() {
        try (JdbcSink table = open("")) {
            assertThat(table.isShared()).isFalse();
            assertThatThrownBy(() -> open("")).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
                assertThat(failure.what()).contains("table orders in", "has another writer");
            });
            new JdbcSink(settings("carts", "", null), "carts", null).close();
        }
        open("").close();
    }

    @Test
    void a_full_database_may_have_room_later() {
        parameters = "?max_page_count=40";
        String value = '"' + "x".repeat(100_000) + '"';
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, null, value), record(0, 1, null, value)));

            assertThatThrownBy(() -> table.commit(at(0, 2))).isInstanceOfSatisfying(RetriableFailure.class, full -> {
                assertThat(full.failure().kind()).isEqualTo(Failure.Kind.FAILED);
                assertThat(full.failure().why()).contains("full");
                assertThat(full.failure().remedy()).startsWith("free some space");
            });
        }
        assertThat(query("SELECT * FROM orders")).isEmpty();
        parameters = "";
        try (JdbcSink table = open("")) {
            table.write(stored(record(0, 0, null, value)));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT _offset FROM orders")).containsExactly("0");
    }

    @Test
    void a_table_of_dead_letters_counts_only_if_it_is_named_again() {
        new JdbcSink(settings("orders", "", "graveyard"), "orders", null).close();
        assertThat(FailureText.by(() -> open("")))
                .contains(
                        "table orders has its dead-letter records in graveyard",
                        "confirm the table: --dead-letter graveyard");
        new JdbcSink(settings("orders", "", "graveyard"), "orders", null).close();

        new JdbcSink(settings("carts", "", null), "carts", null).close();
        execute("CREATE TABLE precious AS SELECT * FROM carts_dead_letter");
        execute("UPDATE kstage_sink SET dead_letter = 'precious' WHERE sink = 'carts'");
        assertThat(FailureText.by(() -> new JdbcSink(settings("carts", "", null), "carts", null)))
                .contains("USAGE: table carts has its dead-letter records in precious", "does not use it unconfirmed");
        execute("DROP TABLE graveyard");
        execute("CREATE TABLE graveyard (name text)");
        assertThat(FailureText.by(() -> new JdbcSink(settings("orders", "", "graveyard"), "orders", null)))
                .contains("USAGE: table graveyard in", "is not a dead-letter table");
    }

    /** SQLite keeps any value in any column. */
    @Test
    void values_of_its_own_tables_that_it_never_writes_are_refused() {
        open("").close();
        for (String each : List.of(
                "kstage_position SET next_offset = -1",
                "kstage_position SET next_offset = 'x'",
                "kstage_position SET next_offset = 99999999999999999999",
                "kstage_position SET leader_epoch = 1e300",
                "kstage_position SET owner_epoch = -7",
                "kstage_sink SET partitions = 0",
                "kstage_sink SET partitions = x'00'",
                "kstage_sink SET topic_id = x'41'",
                "kstage_sink SET sink_id = x'ff'",
                "kstage_sink SET consumer_group = char(0)",
                "kstage_sink SET dead_letter = ' '")) {
            String table = each.substring(0, each.indexOf(' '));
            execute("CREATE TABLE kept AS SELECT * FROM " + table);
            execute("UPDATE " + each);
            assertThat(FailureText.by(this::goOn))
                    .as(each)
                    .startsWith("FAILED: cannot use table " + table)
                    .contains("has a value that kstage does not write there");
            execute("DELETE FROM " + table);
            execute("INSERT INTO " + table + " SELECT * FROM kept");
            execute("DROP TABLE kept");
        }
        goOn();
    }

    private void goOn() {
        try (JdbcSink table = new JdbcSink(settings("orders", "", null), "orders", null)) {
            table.open(TOPIC, 2);
            assertThat(table.takeOver(Set.of(0, 1)).byPartition()).hasSize(2);
        }
    }

    @Test
    void a_database_that_another_program_writes_is_waited_for() throws SQLException {
        parameters = "?busy_timeout=100";
        try (JdbcSink table = open("");
                Connection other = plain();
                Statement statement = other.createStatement()) {
            table.write(stored(record(0, 0, null, "1")));
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() -> table.commit(at(0, 1))).isInstanceOfSatisfying(RetriableFailure.class, busy -> {
                assertThat(busy.failure().kind()).isEqualTo(Failure.Kind.TEMPORARY);
                assertThat(busy.failure().why()).contains("locked");
            });

            statement.execute("ROLLBACK");
            table.abort();
            table.takeOver(Set.of(0));
            table.write(stored(record(0, 0, null, "1")));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT _value FROM orders")).containsExactly("1");
    }

    @Test
    void a_row_that_the_users_own_rule_refuses_is_found_among_the_others() {
        try (JdbcSink table = open("n int")) {
            execute("CREATE TRIGGER small BEFORE INSERT ON orders WHEN new.n > 9"
                    + " BEGIN SELECT RAISE(ABORT, 'n is too large'); END");
            Record[] records = new Record[1000];
            for (int i = 0; i < records.length; i++) {
                records[i] = record(0, i, null, "{\"n\":" + (i == 314 || i == 999 ? 10 : 9) + "}");
            }
            table.write(stored(records));
            table.commit(at(0, 1000));
            assertThat(table.rejected()).isEqualTo(2);
        }
        assertThat(query("SELECT count(*), count(DISTINCT _offset) FROM orders"))
                .containsExactly("998|998");
        assertThat(query("SELECT _offset FROM orders_dead_letter ORDER BY 1")).containsExactly("314", "999");
        assertThat(query("SELECT DISTINCT _reason FROM orders_dead_letter").get(0))
                .contains("n is too large");
    }

    @Test
    void times_are_milliseconds_and_texts_of_iso_8601() {
        try (JdbcSink table = open("at timestamptz, day date, ok boolean, n numeric")) {
            table.write(stored(record(
                    0,
                    0,
                    null,
                    "{\"at\":\"2026-01-31T12:00:00+01:00\",\"day\":\"2026-01-31\",\"ok\":true,\"n\":1.5}")));
            table.write(stored(new Record(0, 1, Record.UNSET, null, dev.kstage.record.Bytes.of("{}"), List.of())));
            table.commit(at(0, 2));
        }
        assertThat(query("SELECT _timestamp, at, day, ok, typeof(n), datetime(at) FROM orders ORDER BY _offset"))
                .containsExactly(
                        TIME + "|2026-01-31T11:00:00Z|2026-01-31|1|real|2026-01-31 11:00:00",
                        "null|null|null|null|null|null");
    }

    @Test
    void a_number_that_would_be_stored_as_infinity_is_a_dead_letter() {
        try (JdbcSink table = open("n numeric")) {
            table.write(stored(record(0, 0, null, "{\"n\":1e400}"), record(0, 1, null, "{\"n\":-1e300}")));
            table.commit(at(0, 2));
        }
        assertThat(query("SELECT n FROM orders")).containsExactly("-1.0e+300");
        assertThat(query("SELECT _reason FROM orders_dead_letter")).containsExactly("n: 1e400 is not a numeric");
    }

    @Test
    void names_that_differ_in_case_are_one_table() {
        assertThatThrownBy(() -> new JdbcSink(settings("orders", "", "ORDERS"), "orders", null))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
                    assertThat(failure.why()).contains("they must be two tables");
                });
    }

    @Test
    void a_database_in_memory_or_in_no_directory_is_refused() {
        String file = directory.resolve("events.db").toString();
        for (String name : List.of(
                "",
                " ",
                ":memory:",
                ":resource:events.db",
                "file::memory:?cache=shared",
                "file:" + file + "?mode=memory",
                "file:" + file + "?cache=shared&Mode=Memory",
                file + "?open_mode=134")) {
            assertThat(refusal(name)).as(name).contains("in memory is lost when this process ends");
        }
        assertThat(directory.resolve("events.db")).doesNotExist();
        parameters = "/absent/events.db";
        assertThatThrownBy(() -> open(""))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what() + failure.remedy())
                        .contains("cannot write", "name a file in an existing directory"));
    }

    private static String refusal(String name) {
        DatabaseLogin login = new DatabaseLogin("jdbc:sqlite:" + name, null, null, null);
        String writing = FailureText.by(
                () -> new JdbcSink(new JdbcSink.Settings(login, TableName.of("t"), List.of(), null), "t", null));
        assertThat(writing).startsWith("USAGE: ");
        return writing;
    }

    @Test
    void a_name_by_which_sqlite_opens_another_file_is_refused() throws Exception {
        String file = directory.resolve("events.db").toString();
        for (String parameter : List.of("?vfs=memdb", "?mode=memory", "?.db", "?table=a&busy_timeout=1")) {
            assertThat(refusal(file + parameter)).as(parameter).contains("SQLite's parameter");
        }
        assertThat(refusal("file:" + file + "?vfs=memdb")).contains("SQLite's parameter vfs");
        assertThat(refusal("file:" + directory + "/a%zz.db")).contains("without two hexadecimal digits");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void one_file_by_several_names_has_one_lock() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("events.db"));
        try (JdbcSink table = open("")) {
            assertThat(table.isShared()).isFalse();
            for (String name : List.of(link.toString(), "file:" + directory + "/event%73.db?cache=shared")) {
                DatabaseLogin login = new DatabaseLogin("jdbc:sqlite:" + name, null, null, null);
                assertThat(FailureText.by(() -> new JdbcSink(
                                new JdbcSink.Settings(login, TableName.of("Orders"), List.of(), null), "orders", null)))
                        .contains("has another writer");
            }
        }
    }

    @Test
    void a_schema_is_refused_since_no_file_is_attached() {
        JdbcSink.Settings main = new JdbcSink.Settings(login(), new TableName("main", "orders"), List.of(), null);
        new JdbcSink(main, "orders", null).close();
        open("").close();
        JdbcSink.Settings other = new JdbcSink.Settings(login(), new TableName("shop", "c2"), List.of(), null);
        assertThat(FailureText.by(() -> new JdbcSink(other, "orders", null)))
                .contains("a SQLite file has no schema shop", "--table '\"shop.c2\"'");
    }

    @Test
    void what_is_no_database_is_refused_with_what_sqlite_says() throws Exception {
        Files.writeString(directory.resolve("events.db"), "this is a text, and a long enough one for its first page");

        assertThatThrownBy(() -> open("")).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                .contains("not a database"));
    }

    @Test
    void leaves_no_native_library_among_the_temporary_files() {
        open("").close();

        assertThat(Path.of(System.getProperty("org.sqlite.tmpdir"))).doesNotExist();
    }
}
