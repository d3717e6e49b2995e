package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XdgDirectoriesTest {
    private static final Path HOME = Path.of("/home/alice");
    private static final XdgDirectories DEFAULTS = new XdgDirectories(
            Path.of("/home/alice/.config/kstage"),
            Path.of("/home/alice/.local/state/kstage"),
            Path.of("/home/alice/.cache/kstage"));

    @Test
    void are_in_the_home_by_default() {
        assertThat(XdgDirectories.of(Map.of(), HOME)).isEqualTo(DEFAULTS);
    }

    @Test
    void are_in_the_home_that_the_environment_names() {
        assertThat(XdgDirectories.of(Map.of("HOME", "/home/alice"), Path.of("?")))
                .isEqualTo(DEFAULTS);
        assertThat(XdgDirectories.of(Map.of("HOME", "/home/alice"), Path.of("/root")))
                .isEqualTo(DEFAULTS);
        assertThat(XdgDirectories.of(Map.of("HOME", ""), HOME)).isEqualTo(DEFAULTS);
    }

    @Test
    void are_where_the_variables_say() {
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", "/c", "XDG_STATE_HOME", "/s", "XDG_CACHE_HOME", "/k");

        assertThat(XdgDirectories.of(environment, HOME))
                .isEqualTo(new XdgDirectories(Path.of("/c/kstage"), Path.of("/s/kstage"), Path.of("/k/kstage")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "./here", "~/x"})
    void ignore_a_variable_that_is_not_absolute(String value) {
        assertThat(XdgDirectories.of(Map.of("XDG_CONFIG_HOME", value), HOME)).isEqualTo(DEFAULTS);
    }

    @Test
    void hold_the_profile_file_and_the_environments() {
        assertThat(DEFAULTS.profileFile()).isEqualTo(Path.of("/home/alice/.config/kstage/kstage.yaml"));
        assertThat(DEFAULTS.environments()).isEqualTo(Path.of("/home/alice/.local/state/kstage/env"));
    }
}
