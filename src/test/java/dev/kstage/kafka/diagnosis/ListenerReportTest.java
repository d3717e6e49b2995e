package dev.kstage.kafka.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.diagnosis.AddressCheck.Fault;
import dev.kstage.kafka.diagnosis.AddressCheck.Finding;
import dev.kstage.kafka.diagnosis.ListenerReport.Seen;
import dev.kstage.report.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ListenerReportTest {
    private static Seen seen(int id, String address, @Nullable Fault fault) {
        return new Seen(
                new BrokerMetadata.Broker(id, Address.parse(address)),
                Optional.ofNullable(fault).map(Finding::new));
    }

    private static Failure failure(String asked, NetworkSide side, @Nullable String better, Seen... brokers) {
        return new ListenerReport(
                        Address.parse(asked),
                        List.of(brokers),
                        side,
                        Optional.ofNullable(better).map(Address::parse),
                        better == null ? List.of(new Address("kafka", 9092)) : List.of())
                .failure("cannot list topics");
    }

    private static String text(Failure failure) {
        return failure.what() + "\nwhy: " + failure.why() + "\ntry: " + failure.remedy();
    }

    @Test
    void on_the_host_the_name_of_a_container_leads_to_the_published_port() {
        Failure failure = failure(
                "localhost:9092", NetworkSide.ON_HOST, "localhost:29092", seen(1, "kafka:9092", Fault.UNKNOWN_HOST));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(text(failure)).isEqualTo("""
                cannot list topics
                why: localhost:9092 answers, but its broker tells clients to connect to kafka:9092 (no host of that \
                name is known here); this seems to run outside of containers, and kafka looks like the name of one
                try: connect to localhost:29092 instead (-b localhost:29092): it was tried, and works from here""");
    }

    @Test
    void in_a_container_localhost_is_said_to_be_that_container() {
        Failure failure = failure(
                "kafka:29092", NetworkSide.IN_CONTAINER, "kafka:9092", seen(1, "localhost:29092", Fault.REFUSED));

        assertThat(text(failure)).isEqualTo("""
                cannot list topics
                why: kafka:29092 answers, but its broker tells clients to connect to localhost:29092 (connection \
                refused: nothing listens there); this seems to run inside a container, where localhost is that \
                container itself
                try: connect to kafka:9092 instead (-b kafka:9092): it was tried, and works from here""");
    }

    @Test
    void without_an_address_that_works_the_other_listeners_are_named() {
        Failure failure = failure("10.0.0.1:9094", NetworkSide.ON_HOST, null, seen(1, "10.9.9.9:9094", Fault.SILENT));

        assertThat(text(failure)).isEqualTo("""
                cannot list topics
                why: 10.0.0.1:9094 answers, but its broker tells clients to connect to 10.9.9.9:9094 (no answer \
                (host down, or a firewall in between))
                try: run this where that address can be reached, or give the broker's listener for this side an \
                address that can (advertised.listeners); its other listeners advertise kafka:9092""");
    }

    @Test
    void in_a_container_of_another_network_the_name_is_said_to_be_of_that_network() {
        assertThat(failure("10.0.0.1:9092", NetworkSide.IN_CONTAINER, null, seen(1, "kafka:9092", Fault.UNKNOWN_HOST))
                        .why())
                .endsWith("this seems to run inside a container, in another network than the one that has the name"
                        + " kafka");
    }

    @Test
    void waiting_is_of_no_use_only_where_no_broker_can_be_reached() {
        assertThat(isHopeless(seen(1, "a:1", Fault.REFUSED), seen(2, "b:1", Fault.UNKNOWN_HOST)))
                .isTrue();
        assertThat(isHopeless(seen(1, "a:1", Fault.REFUSED), seen(2, "b:1", null)))
                .isFalse();
    }

    @Test
    void what_accepts_connections_may_only_be_slow() {
        assertThat(isHopeless(seen(1, "a:1", Fault.MUTE))).isFalse();
    }

    private static boolean isHopeless(Seen... brokers) {
        return new ListenerReport(
                        new Address("a", 1), List.of(brokers), NetworkSide.ON_HOST, Optional.empty(), List.of())
                .isHopeless();
    }

    @Test
    void of_several_brokers_those_that_can_not_be_reached_are_named() {
        Seen first = seen(1, "kafka1.example:9092", null);
        Seen second = seen(2, "kafka2.example:9092", Fault.MUTE);

        assertThat(failure("kafka1.example:9092", NetworkSide.ON_HOST, null, first, second)
                        .why())
                .isEqualTo("kafka1.example:9092 answers, but 1 of the 2 brokers that it names can't be reached from"
                        + " here: broker 2 at kafka2.example:9092 (it accepts connections and does not"
                        + " answer)");
    }

    @Test
    void of_a_broker_that_does_not_answer_nothing_is_guessed_about_containers() {
        assertThat(failure("db.example:9092", NetworkSide.IN_CONTAINER, null, seen(1, "localhost:9092", Fault.MUTE))
                        .why())
                .endsWith("localhost:9092 (it accepts connections and does not answer)");
    }

    @Test
    void where_localhost_answers_it_is_not_said_to_be_another_machine() {
        assertThat(failure(
                                "localhost:9092",
                                NetworkSide.IN_CONTAINER,
                                null,
                                seen(1, "localhost:9092", null),
                                seen(2, "localhost:9093", Fault.REFUSED))
                        .why())
                .endsWith("broker 2 at localhost:9093 (connection refused: nothing listens there)");
    }

    @Test
    void of_many_brokers_three_are_named() {
        assertThat(failure(
                                "b:1",
                                NetworkSide.ON_HOST,
                                null,
                                seen(1, "b.x:1", Fault.REFUSED),
                                seen(2, "b.x:2", Fault.REFUSED),
                                seen(3, "b.x:3", Fault.REFUSED),
                                seen(4, "b.x:4", Fault.REFUSED))
                        .why())
                .contains("none of the 4 brokers that it names can be reached", "broker 3 at b.x:3", ", …")
                .doesNotContain("b.x:4");
    }

    @Test
    void a_name_that_a_cluster_chose_does_nothing_to_a_terminal() {
        Seen hostile = new Seen(
                new BrokerMetadata.Broker(1, new Address("\u001b[2Jevil\u202e", 9092)),
                Optional.of(new Finding(Fault.UNKNOWN_HOST)));

        assertThat(text(failure("localhost:9092", NetworkSide.ON_HOST, null, hostile)))
                .contains("\\x1b[2Jevil\\u202e:9092")
                .doesNotContain("\u001b", "\u202e");
    }
}
