package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void is_as_wide_as_its_cells_and_aligns_numbers_right() {
        Table table = new Table("topic", ">records", "state");

        table.row("orders", "1,234,567", "ok").row("x", 5, "");

        assertThat(String.join("\n", table.lines("  "))).isEqualTo("""
                          topic     records  state
                          orders  1,234,567  ok
                          x               5""".indent(2).stripTrailing());
    }

    @Test
    void counts_a_character_outside_of_the_basic_plane_as_one_column() {
        Table table = new Table("name", "next").row("🙂é", "x");

        assertThat(table.lines("")).containsExactly("name  next", "🙂é    x");
    }

    @Test
    void makes_cells_harmless() {
        Table table = new Table("name").row("a\u001b[2J\nb");

        assertThat(table.lines("")).containsExactly("name", "a\\x1b[2J\\x0ab");
    }

    @Test
    void is_empty_with_nothing_but_headings() {
        assertThat(new Table("name").isEmpty()).isTrue();
        assertThat(new Table("name").row("a").isEmpty()).isFalse();
    }

    @Test
    void refuses_a_row_with_another_number_of_cells() {
        Table table = new Table("a", "b");

        assertThatThrownBy(() -> table.row("only one"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 cells for 2 columns");
    }
}
