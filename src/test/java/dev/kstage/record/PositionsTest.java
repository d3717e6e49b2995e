package dev.kstage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionsTest {
    @Test
    void knows_no_position_of_a_partition_that_was_never_read() {
        assertThat(Positions.NONE.of(0)).isNull();
    }

    @Test
    void orders_partitions_by_number() {
        Positions positions = Positions.of(Map.of(10, Position.at(1), 2, new Position(5, 3)));

        assertThat(positions.next()).hasToString("{2=5, 10=1}");
    }

    @Test
    void cannot_be_changed() {
        Positions positions = Positions.of(Map.of(0, Position.at(1)));

        assertThatThrownBy(() -> positions.byPartition().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
