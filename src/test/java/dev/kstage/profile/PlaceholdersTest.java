package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
    @TempDir
    Path directory;

    private static String replaced(String value) {
        return String.valueOf(Placeholders.filled(
                        "prod",
                        new TreeMap<>(Map.of("key", value)),
                        Map.of("USER", "alice", "ODD", "a$1\\b", "EMPTY", ""))
                .properties()
                .get("key"));
    }

    @Test
    void puts_in_an_environment_variable() {
        assertThat(replaced("user=${env:USER}!")).isEqualTo("user=alice!");
    }

    @Test
    void puts_in_several() {
        assertThat(replaced("${env:USER}${env:EMPTY}/${env:USER}")).isEqualTo("alice/alice");
    }

    @Test
    void remembers_what_it_put_in_but_for_what_every_message_has() {
        Map<String, String> environment =
                Map.of("USER", "alice", "MS", "30000", "BOTH", "true", "SHORT", "abc", "SERVER", "kafka:9092");

        assertThat(Placeholders.filled(
                                "prod",
                                new TreeMap<>(Map.of(
                                        "client.id", "x-${env:USER}",
                                        "linger.ms", "${env:MS}",
                                        "check.crcs", "${env:BOTH}",
                                        "client.rack", "${env:SHORT}",
                                        "bootstrap.servers", "${env:SERVER}")),
                                environment)
                        .texts())
                .containsExactly("alice");
    }

    @Test
    void takes_dollars_and_backslashes_as_they_are() {
        assertThat(replaced("${env:ODD}")).isEqualTo("a$1\\b");
    }

    @Test
    void puts_in_a_file_without_the_white_space_around_it() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "  hunter 2\n");

        assertThat(replaced("p=${file:" + secret + "}")).isEqualTo("p=hunter 2");
    }

    @Test
    void does_not_look_for_placeholders_in_what_it_put_in() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "${env:USER}");

        assertThat(replaced("${file:" + secret + "}")).isEqualTo("${env:USER}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "$USER", "${USER}", "${sys:USER}", "${env:}", "${env:USER", "$"})
    void leaves_other_text_as_it_is(String value) {
        assertThat(replaced(value)).isEqualTo(value);
    }

    @Test
    void takes_a_megabyte_of_them_in_one_pass() {
        String open = "${env:".repeat(170_000);

        assertThat(replaced(open)).isEqualTo(open);
        assertThat(replaced("${env:USER}".repeat(90_000))).isEqualTo("alice".repeat(90_000));
    }

    @Test
    void tells_which_variable_is_not_set() {
        assertThat(FailureText.by(() -> replaced("${env:NONE}"))).isEqualTo("""
                        USAGE: cannot replace the placeholders of "key" of profile "prod"
                        the environment variable NONE is not set
                        set the variable, then run the same command again
                        """);
    }

    @Test
    void tells_which_file_cannot_be_read() {
        assertThat(FailureText.by(directory, () -> replaced("${file:" + directory + "/none}")))
                .isEqualTo("""
                        USAGE: cannot replace the placeholders of "key" of profile "prod"
                        cannot read DIR/none
                        make that file readable for your user
                        """);
    }
}
