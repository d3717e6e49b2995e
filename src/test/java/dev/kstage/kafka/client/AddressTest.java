package dev.kstage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class AddressTest {
    @Test
    void an_address_is_written_as_it_was_read() {
        assertThat(Address.parse("localhost:29092")).hasToString("localhost:29092");
        assertThat(Address.parse(" PLAINTEXT://kafka:9092")).hasToString("kafka:9092");
        assertThat(Address.parse("[::1]:9092"))
                .isEqualTo(new Address("::1", 9092))
                .hasToString("[::1]:9092");
        assertThatThrownBy(() -> Address.parse("localhost")).hasMessageContaining("is not the address of a server");
        assertThatThrownBy(() -> Address.parse("localhost:70000")).hasMessageContaining("is not the address");
    }

    @Test
    void of_a_list_of_listeners_what_makes_no_sense_is_left_out() {
        assertThat(Address.ofListeners("IN://kafka:9092,OUT://localhost:29092,ODD://:9094"))
                .containsExactly(new Address("kafka", 9092), new Address("localhost", 29092));
    }

    @Test
    void this_machine_and_names_of_containers_are_told_from_others() {
        assertThat(Address.parse("127.0.0.1:1").isLocal()).isTrue();
        assertThat(Address.parse("[::1]:1").isLocal()).isTrue();
        assertThat(Address.parse("kafka:1").isLocal()).isFalse();
        assertThat(Address.parse("kafka:1").isSingleLabel()).isTrue();
        assertThat(Address.parse("localhost:1").isSingleLabel()).isFalse();
        assertThat(Address.parse("kafka.example:1").isSingleLabel()).isFalse();
    }
}
