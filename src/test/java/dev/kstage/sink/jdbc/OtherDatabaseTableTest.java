package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.schema.TableName;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that kstage has no words for, by a driver from a file. */
final class OtherDatabaseTableTest extends JdbcSinkContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String url() {
        return "jdbc:h2:file:" + directory.resolve("events");
    }

    @Override
    DatabaseLogin login() {
        try {
            Path jar = Path.of(org.h2.Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new DatabaseLogin(url(), "sa", "", jar);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    Connection plain() throws SQLException {
        return DriverManager.getConnection(url(), "sa", "");
    }

    @Test
    void is_one_that_runs_can_share() {
        try (JdbcSink table = open("")) {
            assertThat(table.isShared()).isTrue();
        }
    }

    @Test
    void tells_what_the_database_refuses_without_its_statement() {
        try (JdbcSink table = open("n numeric")) {
            table.write(stored(record(0, 0, null, "{\"n\":1e40}")));
            table.commit(at(0, 1));
        }
        assertThat(query("SELECT \"_reason\" FROM \"orders_dead_letter\"").get(0))
                .startsWith("Value too long for column")
                .doesNotContain("SQL statement");
    }

    @Test
    void a_name_with_a_schema_is_a_table_of_that_schema() {
        execute("CREATE SCHEMA \"shop\"");
        JdbcSink.Settings settings = new JdbcSink.Settings(login(), new TableName("shop", "c2"), List.of(), null);
        new JdbcSink(settings, "orders", null).close();
        assertThat(query("SELECT * FROM \"shop\".\"c2_dead_letter\"")).isEmpty();
        assertThat(new StoredDatabase(login()).store(null, null).table()).hasToString("shop.c2");
    }
}
