package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComposeToolTest {
    private static final String SECOND = "Docker Compose version v2.26.1\n";
    private static final String FIRST =
            "docker-compose version 1.29.2, build unknown\ndocker-py version: 5.0.3\nCPython version: 3.11.2\n";
    private static final String PODMAN = "podman-compose version 1.5.0\npodman version 4.3.1\n";

    private static final String FIRST_PODMAN =
            "['podman', '--version', '']\nusing podman version: 4.3.1\npodman-composer version  1.0.3\n";

    private static ComposeTool found(String chosen, Map<String, String> installed) {
        return ComposeTool.find(chosen, command -> Optional.ofNullable(installed.get(String.join(" ", command))));
    }

    @Test
    void the_plugin_of_docker_comes_before_the_program_and_that_before_podman() {
        assertThat(found("", Map.of("docker compose version", SECOND, "docker-compose version", FIRST))
                        .title())
                .isEqualTo("docker compose 2.26.1");
        assertThat(found("", Map.of("docker-compose version", FIRST, "podman compose version", PODMAN))
                        .title())
                .isEqualTo("docker-compose 1.29.2");
        assertThat(found("", Map.of("podman compose version", PODMAN)).title()).isEqualTo("podman compose 1.5.0");
        assertThat(found("", Map.of("podman-compose version", FIRST_PODMAN)).title())
                .isEqualTo("podman-compose 1.0.3");
    }

    @Test
    void each_is_asked_in_its_own_way() {
        assertThat(found("", Map.of("docker compose version", SECOND)).dialect())
                .isEqualTo(ComposeTool.Dialect.SECOND);
        assertThat(found("", Map.of("docker-compose version", FIRST)).dialect()).isEqualTo(ComposeTool.Dialect.FIRST);
        assertThat(found("", Map.of("docker-compose version", SECOND)).dialect())
                .isEqualTo(ComposeTool.Dialect.SECOND);
        assertThat(found("", Map.of("podman compose version", PODMAN)).dialect())
                .isEqualTo(ComposeTool.Dialect.PODMAN);
        assertThat(found("", Map.of("podman compose version", SECOND)).dialect())
                .isEqualTo(ComposeTool.Dialect.SECOND);
    }

    @Test
    void a_docker_without_its_plugin_is_passed_over() {
        assertThat(found(
                                "",
                                Map.of(
                                        "docker compose version",
                                        "Usage: docker [OPTIONS]",
                                        "docker-compose version",
                                        FIRST))
                        .command())
                .containsExactly("docker-compose");
    }

    @Test
    void the_user_can_choose_and_gets_an_error_if_that_does_not_work() {
        Map<String, String> both = Map.of("docker compose version", SECOND, "docker-compose version", FIRST);
        assertThat(found("docker-compose", both).title()).isEqualTo("docker-compose 1.29.2");
        assertThatThrownBy(() -> found("nerdctl compose", both))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                        .isEqualTo("KSTAGE_COMPOSE names `nerdctl compose`, and `nerdctl compose version` fails"));
    }

    @Test
    void without_any_the_message_names_the_embedded_engine() {
        assertThatThrownBy(() -> found("", Map.of())).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why())
                    .isEqualTo("none of docker compose, docker-compose, podman compose, podman-compose is installed");
            assertThat(failure.remedy()).contains("`kstage env up --engine embedded`");
        });
    }
}
