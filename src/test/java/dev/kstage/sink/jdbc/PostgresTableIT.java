package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.SharedPostgres;
import dev.kstage.record.Bytes;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.read.StoredTable;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPostgres.class)
final class PostgresTableIT extends JdbcSinkContract {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final PostgresServer server;
    private final String database = "table_" + DATABASES.incrementAndGet();

    PostgresTableIT(PostgresServer server) {
        this.server = server;
        server.createDatabase(database);
    }

    @Override
    DatabaseLogin login() {
        return new DatabaseLogin("jdbc:" + server.url(database), null, PostgresServer.PASSWORD, null);
    }

    @Override
    Connection plain() throws SQLException {
        return server.connect(database);
    }

    @Test
    void of_two_owners_only_the_later_one_can_commit() {
        try (JdbcSink zombie = open("");
                JdbcSink owner = open("")) {
            assertThat(owner.isShared()).isTrue();
            assertThat(owner.sinkId()).isEqualTo(zombie.sinkId());
            zombie.write(stored(record(0, 0, null, "\"zombie\"")));
            owner.write(stored(record(0, 0, null, "\"owner\"")));

            assertThatThrownBy(() -> zombie.commit(at(0, 1))).isInstanceOf(CommitConflict.class);
            owner.commit(at(0, 1));

            zombie.abort();
            assertThat(zombie.takeOver(Set.of(1))).isEqualTo(Positions.of(Map.of(1, Position.at(0))));
            zombie.write(stored(record(1, 0, null, "2")));
            zombie.commit(at(1, 1));
            owner.write(stored(record(0, 1, null, "3")));
            owner.commit(at(0, 2));
        }
        assertThat(query("SELECT _partition, _offset, _value FROM orders ORDER BY 1, 2"))
                .containsExactly("0|0|\"owner\"", "0|1|3", "1|0|2");
    }

    @Test
    void rows_that_only_the_server_can_refuse_are_found_among_the_others() {
        try (JdbcSink table = open("name text, n numeric")) {
            execute("ALTER TABLE orders ADD CONSTRAINT small CHECK (n < 1000)");
            Record[] records = new Record[2000];
            for (int i = 0; i < records.length; i++) {
                records[i] = record(0, i, null, "{\"name\":\"" + i + "\",\"n\":1}");
            }
            records[0] = record(0, 0, null, "{\"name\":\"a\\u0000b\"}");
            records[777] = record(0, 777, null, "{\"n\":1e200000}");
            records[1999] = record(0, 1999, null, "{\"n\":1000}");
            table.write(stored(records));
            table.commit(at(0, 2000));
            assertThat(table.rejected()).isEqualTo(3);
        }
        assertThat(query("SELECT count(*), count(DISTINCT _offset) FROM orders"))
                .containsExactly("1997|1997");
        assertThat(query("SELECT _offset, _reason FROM orders_dead_letter ORDER BY 1"))
                .satisfiesExactly(
                        zero -> assertThat(zero).isEqualTo("0|invalid byte sequence for encoding \"UTF8\": 0x00"),
                        overflow -> assertThat(overflow).startsWith("777|").contains("numeric"),
                        check -> assertThat(check).startsWith("1999|").contains("check constraint \"small\""));
    }

    @Test
    void keys_and_times_that_postgresql_can_not_have_make_dead_letters() {
        Record zero = new Record(0, 0, TIME, Bytes.of("a\0b"), Bytes.of("1"), List.of());
        Record late = new Record(0, 1, Long.MAX_VALUE, null, Bytes.of("2"), List.of());
        Record latest = new Record(0, 2, 9_224_318_015_999L, null, Bytes.of("3"), List.of());
        Record beyond9999 = new Record(0, 3, 253_402_300_800_000L, null, Bytes.of("4"), List.of());
        Record none = new Record(0, 4, Record.UNSET, null, Bytes.of("5"), List.of());
        try (JdbcSink table = open("")) {
            table.write(stored(zero, late, latest, beyond9999, none, record(0, 5, null, "6")));
            table.commit(at(0, 6));
            assertThat(table.rejected() + query("SELECT * FROM orders").size()).isEqualTo(6);
        }
        assertThat(query("SELECT _offset, _reason FROM orders_dead_letter WHERE _offset < 2 ORDER BY 1"))
                .containsExactly(
                        "0|its key has a zero character, which PostgreSQL can't store in text",
                        "1|its timestamp, 9223372036854775807, is later than the latest timestamp of PostgreSQL");
        assertThat(query("SELECT _timestamp AT TIME ZONE 'UTC' FROM orders WHERE _offset = 5"))
                .containsExactly("2026-01-01 00:00:00.123");
        assertThat(query("SELECT _timestamp FROM orders WHERE _offset = 4")).containsExactly("null");
    }

    @Test
    void an_owner_that_holds_the_lock_and_does_nothing_loses_its_session() throws SQLException {
        try (JdbcSink table = open("");
                Connection asleep = plain();
                Statement statement = asleep.createStatement()) {
            asleep.setAutoCommit(false);
            // As an owner does that is stopped in the middle of a COPY, which no time-out of PostgreSQL ends.
            statement.execute("UPDATE kstage_position SET owner = 'process 1 on host session ' || pg_backend_pid()"
                    + " || ' of ' || (SELECT extract(epoch FROM backend_start) FROM pg_stat_activity"
                    + " WHERE pid = pg_backend_pid())");
            asleep.commit();
            statement.execute("UPDATE kstage_position SET next_offset = 5");

            assertThatThrownBy(() -> table.takeOver(Set.of(0)))
                    .isInstanceOfSatisfying(RetriableFailure.class, locked -> {
                        assertThat(locked.failure().kind()).isEqualTo(Failure.Kind.TEMPORARY);
                        assertThat(locked.failure().why()).contains("lock timeout");
                    });

            table.abort();
            assertThat(table.takeOver(Set.of(0))).isEqualTo(Positions.of(Map.of(0, Position.at(0))));
            assertThatThrownBy(asleep::commit).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void a_name_longer_than_postgresql_keeps_is_refused() {
        assertThatThrownBy(() -> new JdbcSink(settings("t".repeat(60), "", null), "orders", null))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.why()).contains("names of at most 63 bytes"));
    }

    @Test
    void a_user_who_may_not_create_tables_sees_what_is_missing_and_may_fill_those_that_are_there() {
        execute("CREATE ROLE weak_" + database + " LOGIN PASSWORD 'weak'");
        JdbcSink.Settings weak = new JdbcSink.Settings(
                new DatabaseLogin("jdbc:" + server.url(database), "weak_" + database, "weak", null),
                TableName.of("orders"),
                List.of(),
                null);
        assertThatThrownBy(() -> new JdbcSink(weak, "orders", null)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.why()).contains("permission denied");
            assertThat(failure.remedy()).contains("grant this user CREATE");
        });
        open("").close();
        execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO weak_" + database);
        try (JdbcSink table = new JdbcSink(weak, "orders", null)) {
            table.open(TOPIC, 2);
            table.takeOver(Set.of(0));
            table.write(stored(record(0, 0, null, "1")));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT _value FROM orders")).containsExactly("1");
    }

    @Test
    void wrong_passwords_and_databases_are_told_apart_from_servers_that_do_not_answer() {
        assertThat(failure(server.url(database), "wrong")).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why()).contains("password authentication failed");
        });
        assertThat(failure(server.url("absent"), PostgresServer.PASSWORD)).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why()).contains("database \"absent\" does not exist");
        });
        assertThat(failure("postgresql://127.0.0.1:1/db", "x")).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
            assertThat(failure.why()).contains("refused");
        });
    }

    private JdbcSink.Settings named(String table, @Nullable String deadLetters) {
        return new JdbcSink.Settings(login(), TableName.parse("--table", table), List.of(), deadLetters);
    }

    private void storeOne(JdbcSink.Settings settings) {
        try (JdbcSink table = new JdbcSink(settings, "orders", null)) {
            table.open(TOPIC, 1);
            table.takeOver(Set.of(0));
            table.initializeOffsets(at(0, 0));
            Results results = stored(record(0, 0, null, "1"));
            results.reject(record(0, 1, null, "bad"), "is wrong");
            table.write(results);
            table.commit(at(0, 2));
        }
    }

    @Test
    void a_name_with_a_schema_is_a_table_of_that_schema_with_all_that_belongs_to_it() {
        assertThat(FailureText.by(() -> new JdbcSink(named("shop.c2", null), "orders", null)))
                .contains("USAGE: there is no schema shop in", "CREATE SCHEMA \"shop\"", "--table '\"shop.c2\"'");
        execute("CREATE SCHEMA shop");
        storeOne(named("shop.c2", null));
        storeOne(named("\"shop.c2\"", null));
        storeOne(named("shop.\"a.b\"", "\"bad.ones\""));
        storeOne(named("shop.c3", "public.graveyard"));

        String tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('shop', 'public')"
                + " AND tablename NOT LIKE 'kstage%' ORDER BY 1, 2";
        assertThat(query(tables))
                .containsExactly(
                        "public|graveyard",
                        "public|shop.c2",
                        "public|shop.c2_dead_letter",
                        "shop|a.b",
                        "shop|bad.ones",
                        "shop|c2",
                        "shop|c2_dead_letter",
                        "shop|c3");
        StoredDatabase database = new StoredDatabase(login());
        assertThat(database.stores().stream().map(each -> each.table() + " " + each.deadLetters()))
                .containsExactly(
                        "\"shop.c2\" \"shop.c2_dead_letter\"",
                        "shop.\"a.b\" shop.\"bad.ones\"",
                        "shop.c2 shop.c2_dead_letter",
                        "shop.c3 graveyard");
        StoredDatabase.Store store = database.store(TableName.parse("--table", "shop.c2"), null);
        assertThat(new StoredTable(database, store.table())
                        .reached()
                        .positions()
                        .next())
                .isEqualTo(Map.of(0, 2L));
        assertThat(database.storeOfDeadLetters(TableName.parse("--table", "public.graveyard"))
                        .orElseThrow()
                        .table())
                .hasToString("shop.c3");
        new StoredTable(database, store.table()).drop();
        assertThat(query(tables))
                .doesNotContain("shop|c2", "shop|c2_dead_letter")
                .contains("public|shop.c2");
    }

    @Test
    void a_change_of_a_column_that_was_filled_from_a_text_or_a_number_of_seconds_is_seen() {
        try (JdbcSink table = open("n numeric, ok boolean, at timestamptz(s)")) {
            for (int i = 0; i < 5; i++) {
                String second = String.valueOf(1_767_261_600 + i);
                String event = "{\"n\":\"12.5\",\"ok\":\"true\",\"at\":" + (i == 0 ? second : '"' + second + '"') + "}";
                table.write(stored(record(0, i, null, event)));
            }
            table.commit(at(0, 5));
        }
        execute("UPDATE orders SET n = 12.51 WHERE _offset = 1");
        execute("UPDATE orders SET ok = false WHERE _offset = 2");
        execute("UPDATE orders SET at = NULL WHERE _offset = 3");
        // What the same number means in another unit.
        execute("UPDATE orders SET at = to_timestamp(1767261604 / 1000.0) WHERE _offset = 4");
        assertThat(faults())
                .satisfiesExactly(
                        whole -> assertThat(whole).isEqualTo("null"),
                        n -> assertThat(n).startsWith("has 12.51 in column n,"),
                        ok -> assertThat(ok).startsWith("has f in column ok,"),
                        absent -> assertThat(absent).startsWith("has null in column at,"),
                        unit -> assertThat(unit).contains("in column at,"));
    }

    @Test
    void the_default_schema_named_is_the_one_that_is_not_named() {
        storeOne(named("orders", null));
        try (JdbcSink table = new JdbcSink(named("public.orders", null), "orders", null)) {
            table.open(TOPIC, 1);
            assertThat(table.takeOver(Set.of(0)).next()).isEqualTo(Map.of(0, 2L));
        }
    }

    @Test
    void what_another_schema_has_and_this_user_may_not_read_is_not_meant() {
        execute("CREATE SCHEMA secret");
        storeOne(named("secret.c2", null));
        execute("CREATE ROLE narrow_" + database + " LOGIN PASSWORD 'narrow'");
        DatabaseLogin narrow = new DatabaseLogin("jdbc:" + server.url(database), "narrow_" + database, "narrow", null);
        assertThat(new StoredDatabase(narrow).stores()).isEmpty();
    }

    @Test
    void a_column_longer_than_postgresql_keeps_is_refused() {
        assertThat(FailureText.by(() -> open("c".repeat(64) + " int"))).contains("cannot create column", "63 bytes");
    }

    private static Failure failure(String url, String password) {
        JdbcSink.Settings settings = new JdbcSink.Settings(
                new DatabaseLogin("jdbc:" + url, null, password, null), TableName.of("orders"), List.of(), null);
        try (JdbcSink table = new JdbcSink(settings, "orders", null)) {
            throw new AssertionError("it opened " + table.sinkId());
        } catch (Failure failure) {
            return failure;
        }
    }
}
