package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
    private final Map<String, String> variables = new TreeMap<>(Map.of(
            "PATH", "/bin",
            "HOME", "/home/me",
            "TZ", "UTC",
            "DOCKER_HOST", "unix:///run/docker.sock",
            "KSTAGE_DB_PASSWORD", "hunter2",
            "AIRFLOW_CONN_KAFKA", "{}",
            "JAVA_TOOL_OPTIONS", "-agentlib:jdwp",
            "_JAVA_OPTIONS", "-Xmx1m",
            "JDK_JAVA_OPTIONS", "-Xmx1m"));

    @Test
    void a_broker_gets_four_variables_at_most() {
        variables.put("LANG", "C.UTF-8");

        ChildEnvironment.ofBroker(variables);

        assertThat(variables).hasToString("{HOME=/home/me, LANG=C.UTF-8, PATH=/bin, TZ=UTC}");
    }

    @Test
    void a_broker_gets_the_locale_that_counts() {
        variables.putAll(Map.of("LANG", "C", "LC_CTYPE", "C.UTF-8", "LC_ALL", ""));

        ChildEnvironment.ofBroker(variables);

        assertThat(variables).containsEntry("LANG", "C.UTF-8").doesNotContainKey("LC_CTYPE");
    }

    @Test
    void a_stage_gets_everything_but_options_of_this_jvm() {
        ChildEnvironment.ofStage(variables);

        assertThat(variables.keySet())
                .containsExactly("AIRFLOW_CONN_KAFKA", "DOCKER_HOST", "HOME", "KSTAGE_DB_PASSWORD", "PATH", "TZ");
    }

    @Test
    void a_tool_gets_no_secret_of_kstage() {
        ChildEnvironment.ofTool(variables);

        assertThat(variables.keySet()).containsExactly("DOCKER_HOST", "HOME", "PATH", "TZ");
    }
}
