package dev.kstage.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.FailureText;
import dev.kstage.sink.jdbc.schema.TableName;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "out.jsonl",
                "./foo:bar",
                "/data/a:b.jsonl",
                "2026-01-31T10:00.jsonl",
                "scheduled__2026-01-31T10:00:00+00:00",
                "c:/out.jsonl"
            })
    void is_a_file_unless_it_begins_like_a_kind_of_destination(String text) {
        assertThat(Destination.of(text)).isEqualTo(new Destination.OneFile(Path.of(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqllite:events.db", "s3://bucket/events/", "kafka2:topic", "mysql://me:secret@host/db"})
    void refuses_a_kind_that_there_is_not_and_does_not_repeat_what_may_be_a_secret(String text) {
        assertThat(FailureText.by(() -> Destination.of(text)))
                .isEqualTo("""
                        USAGE: cannot use %s...
                        no kind of destination has this prefix
                        use sqlite:FILE, postgresql://HOST/DB, jdbc:URL or kafka:TOPIC; write a file of that name as ./NAME
                        """.formatted(text.substring(0, text.indexOf(':') + 1)));
    }

    @ParameterizedTest
    @CsvSource({
        "kv.db, for a SQLite table use sqlite:kv.db; for JSON lines under this name use ./kv.db",
        "out/a.SQLite3, for a SQLite table use sqlite:out/a.SQLite3; for JSON lines under this name use"
                + " ./out/a.SQLite3",
        "/data/out.csv, use a name that ends in .jsonl; for JSON lines under this name use" + " /data/./out.csv",
        "out.parquet, use a name that ends in .jsonl; for JSON lines under this name use ./out.parquet",
        "out.jsonl.gz, use a name that ends in .jsonl; for JSON lines under this name use" + " ./out.jsonl.gz"
    })
    void refuses_a_name_that_says_another_form(String text, String remedy) {
        assertThat(FailureText.by(() -> Destination.of(text)))
                .startsWith("USAGE: cannot store in " + text)
                .contains(remedy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"./kv.db", "/data/./out.csv", "csv", ".db", "out.v2", "out.txt", "out.json", "a.db/b"})
    void takes_a_name_that_says_no_other_form_or_is_insisted_on(String text) {
        assertThat(Destination.of(text)).isEqualTo(new Destination.OneFile(Path.of(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata"})
    void refuses_a_topic_that_kafka_alone_writes(String topic) {
        assertThat(FailureText.by(() -> Destination.of("kafka:" + topic)))
                .startsWith("USAGE: cannot use kafka:" + topic)
                .contains("is internal: only Kafka itself writes it");
    }

    @Test
    void refuses_a_topic_without_a_name() {
        assertThat(FailureText.by(() -> Destination.of("kafka:"))).contains("it names no topic");
    }

    @Test
    void a_database_is_shown_with_user_and_table_and_is_read_again_as_it_is_shown() {
        Destination.Database named = (Destination.Database)
                Destination.of("postgresql://me@127.0.0.1:55601/shop?ssl=true&table=public.events");
        assertThat(named.table()).isEqualTo(new TableName("public", "events"));
        assertThat(named.url()).isEqualTo("jdbc:postgresql://me@127.0.0.1:55601/shop?ssl=true");
        assertThat(named).hasToString("postgresql://me@127.0.0.1:55601/shop?table=public.events");
        for (String table : new String[] {"events", "orders.v1", "my \"odd\" & table", "été"}) {
            Destination.Database shown =
                    ((Destination.Database) Destination.of("postgresql://db/shop")).with("e@l", TableName.of(table));
            Destination.Database again = (Destination.Database) Destination.of(shown.toString());
            assertThat(again.table()).isEqualTo(TableName.of(table));
            assertThat(again).hasToString(shown.toString());
        }
        Destination.Database sqlite = (Destination.Database) Destination.of("sqlite:events.db?table=a&busy_timeout=5");
        assertThat(sqlite.url()).isEqualTo("jdbc:sqlite:events.db?busy_timeout=5");
        assertThat(sqlite).hasToString("sqlite:events.db?table=a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:s3cr3t@db/shop",
                "POSTGRES://me:s3cr3t@db/shop",
                "JDBC:sqlserver://db;trustStorePassword=s3cr3t",
                "jdbc:oracle:thin:scott/s3cr3t@h",
                "oracle:thin:scott/s3cr3t@h"
            })
    void refuses_a_secret_and_does_not_repeat_it(String text) {
        assertThat(FailureText.by(() -> Destination.of(text)))
                .startsWith("USAGE: ")
                .doesNotContain("s3cr3t");
    }

    @Test
    void reads_the_kinds_that_there_are() {
        assertThat(Destination.of("-")).isEqualTo(new Destination.StandardOutput());
        assertThat(Destination.of("out/")).isEqualTo(new Destination.Directory(Path.of("out")));
        assertThat(Destination.of("SQLite:events.db")).isEqualTo(new Destination.Database("jdbc:sqlite:events.db"));
        assertThat(Destination.of("postgres://db/shop"))
                .isEqualTo(new Destination.Database("jdbc:postgresql://db/shop"));
        assertThat(Destination.of("jdbc:h2:mem:a")).isEqualTo(new Destination.Database("jdbc:h2:mem:a"));
        assertThat(Destination.of("kafka:late")).isEqualTo(new Destination.KafkaTopic("late"));
    }

    @Test
    void relative_paths_are_those_of_the_working_directory() {
        Path base = Path.of("/srv/data");

        assertThat(Destination.of("out.jsonl", base)).isEqualTo(new Destination.OneFile(base.resolve("out.jsonl")));
        assertThat(Destination.of("out/", base)).isEqualTo(new Destination.Directory(base.resolve("out")));
        assertThat(Destination.of("sqlite:a.db?table=t", base)).hasToString("sqlite:/srv/data/a.db?table=t");
        assertThat(Destination.of("sqlite:/b/a.db", base)).hasToString("sqlite:/b/a.db");
    }
}
