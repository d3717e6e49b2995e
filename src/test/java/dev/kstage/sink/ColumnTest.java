package dev.kstage.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user_id; 'user_id' is not a name and one of the types",
                "user_id uuid; 'user_id uuid' is not a name and one of the types",
                "a int,; '' is not a name and one of the types",
                "Value text; every table has a column Value already",
                "a int, A text; column A is there twice",
                "a int) --; 'a int) --' is not a name and one of the types"
            })
    void refuses_what_is_no_list_of_columns(String list, String why) {
        assertThatThrownBy(() -> Column.list(list)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why()).startsWith(why);
        });
    }
}
