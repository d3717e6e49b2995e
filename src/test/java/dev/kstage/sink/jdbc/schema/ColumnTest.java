package dev.kstage.sink.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnTest {
    @Test
    void reads_names_and_types_in_any_case_with_their_other_names_and_quotes() {
        assertThat(Column.list("user_id BIGINT,  amount decimal , ok bool, \"a, \"\"b\"\"\" text, d double precision"))
                .containsExactly(
                        new Column("user_id", Column.Type.BIGINT),
                        new Column("amount", Column.Type.NUMERIC),
                        new Column("ok", Column.Type.BOOLEAN),
                        new Column("a, \"b\"", Column.Type.TEXT),
                        new Column("d", Column.Type.DOUBLE));
    }

    @Test
    void reads_a_list_of_any_length() {
        String name = "a\"\"".repeat(20_000);
        String list = "\"" + name + "\" text, \"x, \"\"\" int";

        assertThat(Column.list(list))
                .containsExactly(
                        new Column(name.replace("\"\"", "\""), Column.Type.TEXT), new Column("x, \"", Column.Type.INT));
        assertThat(Column.list(IntStream.range(0, 20_000)
                        .mapToObj(number -> "c" + number + " int")
                        .collect(Collectors.joining(","))))
                .hasSize(20_000);
    }

    @Test
    void shows_only_the_start_of_a_long_text_that_is_no_list() {
        assertThatThrownBy(() -> Column.list("\"".repeat(43_000)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.why()).hasSizeLessThan(250));
    }

    @Test
    void reads_the_unit_of_a_time_that_is_a_number() {
        assertThat(Column.list("a timestamptz(s), b timestamptz ( MS ), c timestamp(us), d timestamptz"))
                .containsExactly(
                        new Column("a", Column.Type.TIMESTAMPTZ, Column.Epoch.S),
                        new Column("b", Column.Type.TIMESTAMPTZ, Column.Epoch.MS),
                        new Column("c", Column.Type.TIMESTAMP, Column.Epoch.US),
                        new Column("d", Column.Type.TIMESTAMPTZ, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "user_id; 'user_id' is not a name and one of the types",
                "user_id uuid; 'user_id uuid' is not a name and one of the types",
                "\"a\"b\" text; '\"a\"b\" text' is not a name and one of the types",
                "a int,; '' is not a name and one of the types",
                "_Offset bigint; kstage itself creates a column _offset",
                "a int, A text; column A is named twice",
                "a int) --; 'a int) --' is not a name and one of the types",
                "a numeric(10,2), b int; 'a numeric(10,2)' is not a name and one of the types",
                "a date(s); 'a date(s)' is not a name and one of the types",
                "a timestamptz(h); 'a timestamptz(h)' is not a name and one of the types",
                "a timestamptz(s; 'a timestamptz(s' is not a name and one of the types",
                "\"a int; '\"a int' is not a name and one of the types",
                "\"a\"int; '\"a\"int' is not a name and one of the types",
                "\"\" int; '\"\" int' is not a name and one of the types"
            })
    void refuses_what_is_no_list_of_columns(String list, String why) {
        assertThatThrownBy(() -> Column.list(list)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why()).startsWith(why);
        });
    }
}
