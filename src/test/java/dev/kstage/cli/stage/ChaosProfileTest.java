package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.Profile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.choice.ConnectionChoice;
import dev.kstage.profile.choice.Connections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosProfileTest {
    @TempDir
    Path directory;

    @Test
    void gives_a_child_everything_and_the_disk_no_secret() throws IOException {
        Map<String, String> properties = Map.of(
                "bootstrap.servers", "localhost:1",
                "sasl.jaas.config", "x.PlainLoginModule required username=\"me\" password=\"hunter2 ${env:HOME}\\n\";",
                "sasl.oauthbearer.token.endpoint.url", "https://me:hunter2@host/token",
                "client.id", "${env:HOME} \"'\n: #é",
                "linger.ms", "5");

        ChaosProfile written = ChaosProfile.write(
                directory.resolve("chaos.yaml"), new Profile("x", new TreeMap<>(properties)), Duration.ofSeconds(2));

        assertThat(Files.readString(written.file())).doesNotContain("hunter2").contains("localhost:1");
        Profile read = new Connections(
                        written.variables(), directory, XdgDirectories.of(Map.of(), directory), warning -> {})
                .choose(new ConnectionChoice(null, null, written.file(), Map.of()))
                .profile();
        Map<String, String> expected = new TreeMap<>(properties);
        expected.put("session.timeout.ms", "2000");
        expected.put("heartbeat.interval.ms", "500");
        assertThat(read.properties()).isEqualTo(expected);
    }
}
