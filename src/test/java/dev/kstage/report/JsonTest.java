package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Inner(@Nullable String name, List<String> items) {}

    record Outer(long zebra, boolean apple, @Nullable Inner inner, Map<Integer, Long> offsets) {}

    @Test
    void keeps_the_order_of_the_components() {
        Outer report = new Outer(1, true, new Inner("n", List.of("a", "b")), new TreeMap<>(Map.of(10, 5L, 2, 7L)));

        assertThat(Json.document(report)).isEqualTo("""
                        {"zebra":1,"apple":true,"inner":{"name":"n","items":["a","b"]},"offsets":{"2":7,"10":5}}""");
    }

    @Test
    void has_every_key_though_there_is_nothing_to_say() {
        Outer report = new Outer(0, false, new Inner(null, List.of()), Map.of());

        assertThat(Json.document(report)).isEqualTo("""
                        {"zebra":0,"apple":false,"inner":{"name":null,"items":[]},"offsets":{}}""");
    }

    @Test
    void says_null_for_a_record_that_is_absent() {
        assertThat(Json.document(new Outer(0, false, null, Map.of()))).isEqualTo("""
                        {"zebra":0,"apple":false,"inner":null,"offsets":{}}""");
    }

    @Test
    void stays_on_one_line() {
        assertThat(Json.document(Map.of("text", "a\nb\u2028\u001b"))).isEqualTo("{\"text\":\"a\\nb\u2028\\u001B\"}");
    }

    @Test
    void replaces_within_texts_and_stays_json() {
        Map<String, Object> report = new TreeMap<>(Map.of("1", 1, "b", List.of("a1", Map.of("c", "1")), "d", true));

        assertThat(Json.document(report, text -> text.replace("1", "\"*\"")))
                .isEqualTo("{\"1\":1,\"b\":[\"a\\\"*\\\"\",{\"c\":\"\\\"*\\\"\"}],\"d\":true}");
    }

    @Test
    void escapes_for_a_terminal_what_is_still_the_same_json() {
        String document = Json.document(Map.of("text", "a\u009b31m\u007f\u202e\u2028\u2029\u200e\u061cé🙂"));

        assertThat(Json.harmless(document))
                .isEqualTo("{\"text\":\"a\\u009b31m\\u007f\\u202e\\u2028\\u2029\\u200e\\u061cé🙂\"}");
    }

    @Test
    void writes_lists() {
        assertThat(Json.document(List.of(1, "a", Optional.class.getSimpleName())))
                .isEqualTo("[1,\"a\",\"Optional\"]");
    }
}
