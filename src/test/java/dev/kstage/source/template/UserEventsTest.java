package dev.kstage.source.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserEventsTest {
    private static final int MANY = 20_000;
    private static final JsonMapper MAPPER = new JsonMapper();

    private static List<JsonNode> many = List.of();

    /** The first events, parsed once for all tests. */
    @BeforeAll
    static void makeEvents() throws JsonProcessingException {
        EventTemplate template = new UserEvents(7);
        List<JsonNode> events = new ArrayList<>();
        for (int index = 0; index < MANY; index++) {
            events.add(MAPPER.readTree(template.event(index).value().toString()));
        }
        many = List.copyOf(events);
    }

    private static String value(EventTemplate template, long index) {
        return template.event(index).value().toString();
    }

    private static long indexOf(EventTemplate template, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return template.indexOf(bytes, 0, bytes.length);
    }

    /** Stored results are verified against events that are made again: these must never change. */
    @Test
    void makes_the_same_events_in_every_release() {
        EventTemplate template = new UserEvents(7);

        assertThat(value(template, 0) + "\n" + value(template, 1) + "\n" + value(template, 2) + "\n"
                        + value(template, 1_000_000) + "\n")
                .isEqualTo("""
                        {"event_id":"b78b9f38a670e787","user_id":"u10503","session_id":"9eff9be82670","event_type":"page_view","page":"/product/134","amount":null,"currency":null,"device":"desktop","country":"DE","timestamp":"2026-01-01T00:00:00.028Z"}
                        {"event_id":"6268de564d05820b","user_id":"u14222","session_id":"a1aa6f7d397b","event_type":"page_view","page":"/product/346","amount":null,"currency":null,"device":"mobile","country":"JP","timestamp":"2026-01-01T00:00:00.040Z"}
                        {"event_id":"1d5f8287a3bc79bd","user_id":"u10294","session_id":"e885388decfa","event_type":"page_view","page":"/product/138","amount":null,"currency":null,"device":"tablet","country":"BR","timestamp":"2026-01-01T00:00:00.119Z"}
                        {"event_id":"3f71b7af01fa36dd","user_id":"u10717","session_id":"226f8cd4fc1c","event_type":"page_view","page":"/","amount":null,"currency":null,"device":"mobile","country":"SE","timestamp":"2026-01-01T11:06:40.029Z"}
                        """);
    }

    @Test
    void keys_an_event_by_its_user() {
        assertThat(new UserEvents(7).event(0).key()).hasToString("u10503");
    }

    @Test
    void makes_the_same_event_in_whatever_order_events_are_asked_for() {
        EventTemplate sequential = new UserEvents(42);
        List<String> inOrder = new ArrayList<>();
        for (int index = 0; index < 1_000; index++) {
            inOrder.add(value(sequential, index));
        }
        EventTemplate random = new UserEvents(42);

        for (int step = 0; step < 1_000; step++) {
            int index = step * 617 % 1_000;
            assertThat(value(random, index)).isEqualTo(inOrder.get(index));
        }
    }

    @Test
    void makes_other_events_with_another_seed() {
        assertThat(value(new UserEvents(1), 0)).isNotEqualTo(value(new UserEvents(2), 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, 65, 1_000_000, 123_456_789_012L})
    void knows_the_index_of_an_event(long index) {
        EventTemplate template = new UserEvents(7);

        assertThat(indexOf(template, value(template, index))).isEqualTo(index);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void knows_the_index_of_an_event_whatever_the_seed(long seed) {
        EventTemplate template = new UserEvents(seed);

        assertThat(indexOf(template, value(template, 99))).isEqualTo(99);
    }

    @Test
    void knows_the_index_of_an_event_whose_rest_was_altered() {
        assertThat(indexOf(new UserEvents(7), "{\"event_id\":\"6268de564d05820b\",garbage"))
                .isEqualTo(1);
    }

    @Test
    void knows_the_index_of_an_event_within_a_larger_array() {
        EventTemplate template = new UserEvents(7);
        byte[] padded = ("xx" + value(template, 5) + "xx").getBytes(StandardCharsets.UTF_8);

        assertThat(template.indexOf(padded, 2, padded.length - 2)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"event_id\":\"",
                "{\"event_id\":\"6268de564d05820",
                "{\"event_id\":\"6268de564d05820g\"}",
                "{\"event_id\":\"62 8de564d05820b\"}",
                "{\"event_ix\":\"6268de564d05820b\"}",
                " {\"event_id\":\"6268de564d05820b\"}",
                "not an event at all, but long enough for one"
            })
    void knows_no_index_of_what_is_no_event(String value) {
        assertThat(indexOf(new UserEvents(7), value)).isEqualTo(-1);
    }

    @Test
    void does_not_read_past_the_end_that_it_was_given() {
        EventTemplate template = new UserEvents(7);
        byte[] bytes = value(template, 5).getBytes(StandardCharsets.UTF_8);

        assertThat(template.indexOf(bytes, 0, 20)).isEqualTo(-1);
    }

    @Test
    void knows_no_index_in_range_for_an_event_of_another_seed() {
        long index = indexOf(new UserEvents(8), value(new UserEvents(7), 0));

        assertThat(index == -1 || index > 1_000_000_000_000L).isTrue();
    }

    @Test
    void gives_every_event_an_id_of_its_own() {
        Set<String> ids = new HashSet<>();
        many.forEach(event -> ids.add(event.get("event_id").textValue()));

        assertThat(ids).hasSize(MANY);
    }

    @Test
    void begins_every_session_with_a_page_view() {
        Map<String, String> firstOfSession = new HashMap<>();
        for (JsonNode event : many) {
            firstOfSession.putIfAbsent(
                    event.get("session_id").textValue(), event.get("event_type").textValue());
        }

        assertThat(new HashSet<>(firstOfSession.values())).containsExactly("page_view");
    }

    @Test
    void lets_users_buy_only_right_after_a_checkout() {
        Map<String, String> lastOfSession = new HashMap<>();
        Set<String> beforePurchase = new HashSet<>();
        for (JsonNode event : many) {
            String type = event.get("event_type").textValue();
            String last = lastOfSession.put(event.get("session_id").textValue(), type);
            if (type.equals("purchase")) {
                beforePurchase.add(String.valueOf(last));
            }
        }

        assertThat(beforePurchase).containsExactly("checkout");
    }

    @Test
    void lets_users_put_into_the_cart_what_they_look_at() {
        Map<String, JsonNode> lastOfSession = new HashMap<>();
        int added = 0;
        for (JsonNode event : many) {
            JsonNode last = lastOfSession.put(event.get("session_id").textValue(), event);
            if (event.get("event_type").textValue().equals("add_to_cart")) {
                assertThat(last).isNotNull();
                assertThat(last.get("page")).isEqualTo(event.get("page"));
                added++;
            }
        }

        assertThat(added).isPositive();
    }

    @Test
    void keeps_the_price_of_a_product() {
        Map<String, Set<String>> prices = new HashMap<>();
        for (JsonNode event : many) {
            if (event.get("event_type").textValue().equals("add_to_cart")) {
                prices.computeIfAbsent(event.get("page").textValue(), page -> new HashSet<>())
                        .add(event.get("amount").asText());
            }
        }

        assertThat(prices).isNotEmpty();
        assertThat(prices.values()).allSatisfy(amounts -> assertThat(amounts).hasSize(1));
    }

    @Test
    void asks_at_checkout_for_the_sum_of_the_cart() {
        Map<String, Long> carts = new HashMap<>();
        int checkouts = 0;
        for (JsonNode event : many) {
            String session = event.get("session_id").textValue();
            long cents = Math.round(event.get("amount").asDouble() * 100);
            switch (event.get("event_type").textValue()) {
                case "add_to_cart" -> carts.merge(session, cents, Long::sum);
                case "checkout", "purchase" -> {
                    assertThat(carts).containsEntry(session, cents);
                    checkouts++;
                }
                default -> assertThat(event.get("amount").isNull()).isTrue();
            }
        }

        assertThat(checkouts).isPositive();
    }

    @Test
    void leaves_a_user_in_one_country() {
        Map<String, Set<String>> countries = new HashMap<>();
        for (JsonNode event : many) {
            countries
                    .computeIfAbsent(event.get("user_id").textValue(), user -> new HashSet<>())
                    .add(event.get("country").textValue());
        }

        assertThat(countries.values()).allSatisfy(ofUser -> assertThat(ofUser).hasSize(1));
        assertThat(countries.values().stream().flatMap(Set::stream).distinct())
                .containsExactlyInAnyOrder("US", "DE", "GB", "IN", "FR", "BR", "JP", "SE");
    }

    @Test
    void lets_time_rise() {
        String last = "";
        for (JsonNode event : many) {
            String time = event.get("timestamp").textValue();
            assertThat(time).isGreaterThan(last).matches("2026-01-01T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            last = time;
        }
    }
}
