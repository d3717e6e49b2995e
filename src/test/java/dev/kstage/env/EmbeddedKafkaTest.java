package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that neither answer nor end when they are asked to: a shell stands for one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EmbeddedKafkaTest {
    private static final String NAME = "hanging";

    private final XdgDirectories directories;
    private final EnvironmentDirectory directory;
    private final Process broker;

    EmbeddedKafkaTest(@TempDir Path home) throws IOException {
        directories = XdgDirectories.of(Map.of("HOME", home.toString()), home);
        directory = EnvironmentDirectory.of(directories, NAME);
        directory.create();
        // What tells a broker from other processes is the path of its settings among its arguments.
        broker = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "trap '' TERM; echo; while :; do sleep 1; done",
                        "broker",
                        directory.settings(1).toString())
                .redirectErrorStream(true)
                .start();
    }

    @BeforeEach
    void make() throws IOException {
        // It ignores the signal from here on.
        assertThat(broker.getInputStream().read()).isEqualTo('\n');
        new Environment(NAME, EmbeddedKafka.ENGINE, "id", List.of(new Environment.Node(1, 1, 2, broker.pid())))
                .write(directory);
    }

    @AfterEach
    void end() {
        broker.destroyForcibly();
    }

    @Test
    void up_waits_a_minute_for_an_answer() throws IOException {
        Files.writeString(directory.log(1), "the last line\n");
        List<Duration> limits = new ArrayList<>();
        EmbeddedKafka kafka = new EmbeddedKafka(directories, NAME, true, (profile, brokers, limit, giveUp) -> {
            limits.add(limit);
            return false;
        });

        assertThatThrownBy(() -> kafka.up(new EmbeddedKafka.Request(OptionalInt.empty(), OptionalInt.empty())))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).isEqualTo("environment hanging did not start");
                    assertThat(failure.why()).isEqualTo("no response within 60 s: the last line");
                });
        assertThat(limits).containsExactly(Duration.ofSeconds(60));
    }

    @Test
    void down_kills_what_does_not_end_within_20_seconds() throws InterruptedException {
        EmbeddedKafka kafka = new EmbeddedKafka(
                directories, NAME, true, (profile, brokers, limit, giveUp) -> false, new FastClock(10));

        assertThat(kafka.down(false)).isEqualTo(1);

        // 128 and the number of SIGKILL
        assertThat(broker.waitFor()).isEqualTo(137);
    }
}
