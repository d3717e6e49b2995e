package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM itself throws is told like any other failure. */
final class InternalErrorIT {
    private final Installation kstage;

    InternalErrorIT(@TempDir Path home) {
        this.kstage = Installation.in(home).asProcess();
    }

    private void isTold(Outcome outcome) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stderr()).containsPattern("kstage: .+\n  why: .+\n  try: .+\n");
        assertThat(outcome.stderr()).doesNotContain("\tat ", "    at dev.kstage", "Exception in thread");
    }

    @Test
    void too_little_memory_is_reported_in_three_lines() {
        isTold(kstage.with("JAVA_TOOL_OPTIONS", "-Xmx4m").run("produce", "-b", "127.0.0.1:1", "--timeout", "1s"));
    }

    @Test
    void a_password_of_any_length_is_only_a_password() {
        String jaas = "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                + " password=\"" + "x".repeat(100_000) + "\";";

        Outcome outcome = kstage.run(
                "topic",
                "list",
                "-b",
                "127.0.0.1:1",
                "-X",
                "security.protocol=SASL_PLAINTEXT",
                "-X",
                "sasl.mechanism=PLAIN",
                "-X",
                jaas,
                "--timeout",
                "1s");

        assertThat(outcome.code()).isEqualTo(4);
        assertThat(outcome.stderr()).contains("cannot reach Kafka").doesNotContain("xxxx", "StackOverflowError");
    }
}
