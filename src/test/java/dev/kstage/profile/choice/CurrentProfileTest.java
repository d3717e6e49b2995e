package dev.kstage.profile.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentProfileTest {
    private static final CurrentProfile LOCAL = new CurrentProfile("local", "/profiles.yaml", "env up");

    @TempDir
    Path directory;

    private XdgDirectories directories = new XdgDirectories(Path.of(""), Path.of(""), Path.of(""));

    @BeforeEach
    void places() {
        directories =
                new XdgDirectories(directory.resolve("config"), directory.resolve("state"), directory.resolve("cache"));
    }

    @Test
    void is_not_set_at_first() {
        assertThat(CurrentProfile.read(directories)).isNull();
    }

    @Test
    void is_read_as_it_was_written() {
        LOCAL.write(directories);

        assertThat(CurrentProfile.read(directories)).isEqualTo(LOCAL);
    }

    @Test
    void stands_in_a_file_of_the_state() {
        LOCAL.write(directories);

        assertThat(directory.resolve("state/current-profile.json")).hasContent("""
                        {"name":"local","file":"/profiles.yaml","setBy":"env up"}
                        """);
    }

    @Test
    void follows_no_link_that_was_planted_where_it_is_written() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createDirectories(directories.state());
        for (String name : new String[] {"current-profile.json", "current-profile.json.next"}) {
            Files.createSymbolicLink(directories.state().resolve(name), victim);
        }

        LOCAL.write(directories);

        assertThat(victim).hasContent("precious");
        assertThat(CurrentProfile.read(directories)).isEqualTo(LOCAL);
    }

    @Test
    void is_replaced_by_the_next_one() {
        LOCAL.write(directories);
        CurrentProfile next = new CurrentProfile("prod", "/other.yaml", "profile use");

        next.write(directories);

        assertThat(CurrentProfile.read(directories)).isEqualTo(next);
    }

    @Test
    void is_cleared_with_its_file() {
        LOCAL.write(directories);

        CurrentProfile.clear(directories, Path.of("/profiles.yaml"));

        assertThat(CurrentProfile.read(directories)).isNull();
    }

    @Test
    void is_not_cleared_with_another_file() {
        LOCAL.write(directories);

        CurrentProfile.clear(directories, Path.of("/other.yaml"));

        assertThat(CurrentProfile.read(directories)).isEqualTo(LOCAL);
    }

    @Test
    void needs_not_be_set_to_be_cleared() {
        CurrentProfile.clear(directories, Path.of("/profiles.yaml"));

        assertThat(CurrentProfile.read(directories)).isNull();
    }

    @Test
    void says_where_to_look_when_it_is_broken() throws IOException {
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(directory.resolve("state/current-profile.json"), "{");

        assertThat(FailureText.by(directory, () -> CurrentProfile.read(directories)))
                .startsWith("FAILED: cannot read the current profile\n")
                .endsWith("\ncheck DIR/state/current-profile.json\n");
    }
}
