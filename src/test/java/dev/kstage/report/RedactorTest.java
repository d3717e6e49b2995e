package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private final Redactor redactor = new Redactor();

    @Test
    void masks_every_occurrence() {
        redactor.hide(List.of("hunter2"));

        assertThat(redactor.redact("hunter2, and hunter2 again")).isEqualTo("********, and ******** again");
    }

    @Test
    void masks_a_secret_that_contains_another_one_whole() {
        redactor.hide(List.of("abc"));
        redactor.hide(List.of("abcdef", "cde"));

        assertThat(redactor.redact("[abcdef] [abc]")).isEqualTo("[********] [********]");
    }

    @Test
    void masks_secrets_of_the_same_length() {
        redactor.hide(List.of("aaa", "bbb"));

        assertThat(redactor.redact("aaa bbb")).isEqualTo("******** ********");
    }

    @Test
    void leaves_the_password_that_everybody_knows() {
        redactor.hide(List.of("kstage", "kstage2"));

        assertThat(redactor.redact("postgresql://db/kstage, kstage2")).isEqualTo("postgresql://db/kstage, ********");
    }

    @Test
    void ignores_empty_secrets() {
        redactor.hide(List.of("", "  "));

        assertThat(redactor.redact("a  b")).isEqualTo("a  b");
    }

    @Test
    void takes_a_secret_as_text_and_not_as_a_pattern() {
        redactor.hide(List.of("p.*$"));

        assertThat(redactor.redact("p.*$ password")).isEqualTo("******** password");
    }

    @Test
    void masks_a_secret_of_several_lines_that_was_made_harmless_before() {
        redactor.hide(List.of("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"));

        String shown = redactor.redact(
                Text.harmless("bad key -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----!"));

        assertThat(shown).isEqualTo("bad key ********!");
    }

    @Test
    void masks_each_line_of_a_secret_of_several_lines() {
        redactor.hide(List.of("-----BEGIN PRIVATE KEY-----\n  MIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"));

        assertThat(redactor.redact("at line 2: MIIEvQIBADANBg")).isEqualTo("at line 2: ********");
    }

    @Test
    void masks_a_secret_as_json_has_it() {
        redactor.hide(List.of("a\"b\\c"));

        assertThat(redactor.redact("{\"x\":\"a\\\"b\\\\c\"} a\"b\\c")).isEqualTo("{\"x\":\"********\"} ********");
    }

    @Test
    void masks_a_secret_as_a_url_or_a_form_has_it() {
        redactor.hide(List.of("p s/é~*"));

        assertThat(redactor.redact("a=p%20s%2F%C3%A9~* b=p+s%2F%C3%A9%7E* c=p%20s%2f%c3%a9~%2a"))
                .isEqualTo("a=******** b=******** c=********");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "me", "me:", "user:", "a longer user:"})
    void masks_a_secret_within_base64(String before) {
        redactor.hide(List.of("hunter2?>~"));

        for (String after : List.of("", "x", "xy", "xyz")) {
            byte[] text = (before + "hunter2?>~" + after).getBytes(StandardCharsets.UTF_8);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String shown = redactor.redact(encoder.encodeToString(text));
                // What is left is too little to tell more than a character at each end.
                assertThat(shown).contains("********");
                assertThat(shown.replace("********", "").length())
                        .isLessThanOrEqualTo((before.length() + after.length() + 2) * 4 / 3 + 6);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:pa:ss@host/p, https://me:********@host/p",
        "x https://me:p@ss@host:1 y, x https://me:********@host:1 y",
        "kafka://:secret@host, kafka://:********@host",
        "https://host:8080/a@b, https://host:8080/a@b",
        "https://me@host/a:b@c, https://me@host/a:b@c"
    })
    void masks_the_password_within_a_url_that_nobody_told_it_of(String text, String shown) {
        assertThat(redactor.redact(text)).isEqualTo(shown);
    }
}
