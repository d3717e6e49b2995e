package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class DatabaseFailuresTest {
    private static String reason(String message) {
        return DatabaseFailures.reason(new SQLException(message));
    }

    @Test
    void a_reason_on_the_second_line_is_shown_and_the_statement_is_not() {
        assertThat(reason("Catalog Error: Type with name clob does not exist!\nDid you mean \"blob\"?"))
                .isEqualTo("Catalog Error: Type with name clob does not exist! Did you mean \"blob\"?");
        assertThat(reason("Parser Error:\n\nsyntax error at or near \"selec\"\n\nLINE 1: selec\n        ^"))
                .isEqualTo("Parser Error: syntax error at or near \"selec\"");
        assertThat(reason(
                        "ORA-00942: table or view does not exist\n\nhttps://docs.oracle.com/error-help/db/ora-00942/"))
                .isEqualTo("ORA-00942: table or view does not exist");
        assertThat(reason("Column \"A\" not found; SQL statement:\nSELECT A\nFROM T [42122-240]"))
                .isEqualTo("Column \"A\" not found");
    }

    @Test
    void what_postgresql_adds_is_left_out_since_it_has_values_of_the_row() {
        assertThat(reason(
                        "ERROR: value too long\n  Detail: Failing row contains (1, secret).\n  Where: COPY t, line 1"))
                .isEqualTo("value too long");
        assertThat(reason("[SQLITE_FULL] Insertion failed (database or disk is full)"))
                .isEqualTo("Insertion failed (database or disk is full)");
    }

    @Test
    void a_long_reason_is_cut_and_null_is_reported() {
        assertThat(reason("x".repeat(1_000) + "\ny")).hasSize(301).endsWith("…");
        assertThat(DatabaseFailures.reason(new SQLException())).isEqualTo("null");
    }
}
