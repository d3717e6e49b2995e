package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line that can't be understood names what is wrong, and no word that may be a secret. */
class UsageFailureTest {
    @TempDir
    Path home;

    private CommandLineRun run(String line) {
        String[] words = Stream.of(line.split(" ")).toArray(String[]::new);
        return CommandLineRun.of(home, Map.of(), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consume -X sasl.password:hunter2",
                "consume -X sasl.password hunter2",
                "consume -X a=b sasl.password hunter2",
                "consume -X =hunter2 -b localhost:1",
                "consume --sasl-password=hunter2",
                "consume -whunter2",
                "consume -b me:hunter2@localhost:1",
                "consume -b localhost:1,SASL_SSL://me:hunter2@localhost:1 -vv",
                "topic list -b hunter2@localhost:1",
                "produce --to -X sasl.password=hunter2",
                "consume --to postgresql://me:hunter2@localhost/db",
                "verify jdbc:oracle:thin:scott/hunter2@localhost"
            })
    void tells_no_secret(String line) {
        CommandLineRun run = run(line);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out() + run.err()).doesNotContain("hunter2").contains("  try: ");
    }

    @ParameterizedTest
    @CsvSource({
        "consume --form x, unknown option: --form",
        "consume -w, unknown option: -w",
        "consume one two, unexpected argument: two",
        "prodcue, unknown command: prodcue",
        "consume -X a=b one two, -X KEY=VALUE",
        "produce --count many, is not a whole number"
    })
    void says_what_is_wrong(String line, String reason) {
        assertThat(run(line).err()).contains(reason);
    }

    @Test
    void a_secret_among_the_arguments_is_warned_of() {
        assertThat(run("topic list -b localhost:1 --timeout 1s -X sasl.jaas.config=hunter2 -X linger.ms=5")
                        .err())
                .containsOnlyOnce("warning: every user of this machine can read the arguments of a process")
                .contains("-X sasl.jaas.config contains a secret")
                .doesNotContain("hunter2");
    }
}
