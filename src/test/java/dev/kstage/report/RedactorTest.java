package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
}
