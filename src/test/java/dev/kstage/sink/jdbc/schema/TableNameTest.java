package dev.kstage.sink.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.FailureText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableNameTest {
    @Test
    void reads_a_name_with_or_without_a_schema() {
        assertThat(TableName.parse("--table", "events")).isEqualTo(new TableName(null, "events"));
        assertThat(TableName.parse("--table", "shop.c2")).isEqualTo(new TableName("shop", "c2"));
        assertThat(TableName.parse("--table", "\"a.b\"")).isEqualTo(new TableName(null, "a.b"));
        assertThat(TableName.parse("--table", "shop.\"a.\"\"b\"")).isEqualTo(new TableName("shop", "a.\"b"));
        assertThat(TableName.parse("--table", "\"my shop\".été 2026")).isEqualTo(new TableName("my shop", "été 2026"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a.", ".a", "a..b", "a.b.c", "\"a", "\"a\"b", "a\"b", "\"\"", "\"a\".\"b", "a.\"b\"."})
    void refuses_what_is_neither(String text) {
        assertThat(FailureText.by(() -> TableName.parse("--table", text)))
                .startsWith("USAGE: cannot use --table " + text + "\n")
                .contains("write NAME or SCHEMA.NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "orders.v1", "my \"odd\" table", "\"", "a b", "..."})
    void shows_a_name_as_it_is_read(String name) {
        assertThat(TableName.parse("--table", TableName.of(name).toString())).isEqualTo(TableName.of(name));
        TableName inSchema = new TableName(name, name);
        assertThat(TableName.parse("--table", inSchema.toString())).isEqualTo(inSchema);
    }
}
