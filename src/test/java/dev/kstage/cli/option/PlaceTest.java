package dev.kstage.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Told;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
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
    void is_a_file_unless_it_begins_like_a_kind_of_place(String text) {
        assertThat(Place.of(text)).isEqualTo(new Place.OneFile(Path.of(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqllite:events.db", "s3://bucket/events/", "kafka2:topic", "mysql://me:secret@host/db"})
    void refuses_a_kind_that_there_is_not_and_does_not_repeat_what_may_be_a_secret(String text) {
        assertThat(Told.by(() -> Place.of(text))).isEqualTo("""
                        USAGE: cannot tell what %s... is
                        no kind of place begins like that
                        kinds are sqlite:FILE, postgresql://HOST/DB, jdbc:URL and kafka:TOPIC; a file of such a name is ./NAME
                        """.formatted(text.substring(0, text.indexOf(':') + 1)));
    }

    @Test
    void refuses_a_topic_without_a_name() {
        assertThat(Told.by(() -> Place.of("kafka:"))).contains("it names no topic");
    }

    @Test
    void reads_the_kinds_that_there_are() {
        assertThat(Place.of("-")).isEqualTo(new Place.StandardOutput());
        assertThat(Place.of("out/")).isEqualTo(new Place.Directory(Path.of("out")));
        assertThat(Place.of("SQLite:events.db")).isEqualTo(new Place.Database("jdbc:SQLite:events.db"));
        assertThat(Place.of("postgres://db/shop")).isEqualTo(new Place.Database("jdbc:postgresql://db/shop"));
        assertThat(Place.of("jdbc:h2:mem:a")).isEqualTo(new Place.Database("jdbc:h2:mem:a"));
        assertThat(Place.of("kafka:late")).isEqualTo(new Place.KafkaTopic("late"));
    }
}
