package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import org.junit.jupiter.api.Test;

class ServiceStateTest {
    private static final ServiceState HEALTHY = new ServiceState("kafka", "running", "healthy", 0);
    private static final ServiceState ENDED = new ServiceState("ui", "exited", "", 137);

    @Test
    void compose_since_2_21_prints_an_object_on_each_line() {
        String output = """
                {"Name":"kstage-local-1-kafka-1","Service":"kafka","State":"running","Health":"healthy","ExitCode":0,"Labels":"a=b,c=d"}
                {"Name":"kstage-local-1-ui-1","Service":"ui","State":"exited","Health":"","ExitCode":137}
                """;

        assertThat(ServiceState.ofJson(output)).containsExactly(HEALTHY, ENDED);
    }

    @Test
    void compose_before_it_prints_an_array() {
        String output = """
                [{"Service":"kafka","State":"running","Health":"healthy","ExitCode":0},
                 {"Service":"ui","State":"exited","Health":"","ExitCode":137}]
                """;

        assertThat(ServiceState.ofJson(output)).containsExactly(HEALTHY, ENDED);
        assertThat(ServiceState.ofJson("[]\n")).isEmpty();
        assertThat(ServiceState.ofJson("")).isEmpty();
    }

    @Test
    void podman_has_the_service_among_the_labels_and_the_health_in_the_status() {
        String output = """
                [{"Names":["kstage_kafka_1"],"State":"running","Status":"Up 5 seconds (healthy)","ExitCode":0,
                  "Labels":{"com.docker.compose.service":"kafka"}}]
                """;

        assertThat(ServiceState.ofJson(output)).containsExactly(HEALTHY);
    }

    @Test
    void compose_1_29_prints_a_table() {
        String output = """
                           Name                          Command                  State                           Ports                  \s
                ---------------------------------------------------------------------------------------------------------------------
                kstage-local-1_kafka_1   /etc/kafka/docker/run            Up (healthy)            127.0.0.1:29092->29092/tcp, 9092/tcp
                kstage-local-1_ui_1      /bin/sh -c java --add-opens      Exit 137                                                   \s
                kstage-local-1_airflow_1   /usr/bin/dumb-init -- /ent ...   Up (health: starting)   127.0.0.1:8080->8080/tcp           \s
                kstage-local-1-postgres-1   docker-entrypoint.sh postgres   Restarting                                                 \s
                other_kafka_1            /etc/kafka/docker/run            Up                                                         \s
                """;

        assertThat(ServiceState.ofTable("kstage-local-1", output))
                .containsExactly(
                        HEALTHY,
                        ENDED,
                        new ServiceState("airflow", "running", "starting", 0),
                        new ServiceState("postgres", "restarting", "", 0));
    }

    @Test
    void ready_is_what_runs_and_is_not_known_to_be_ill() {
        assertThat(HEALTHY.isReady()).isTrue();
        assertThat(new ServiceState("ui", "running", "", 0).isReady()).isTrue();
        assertThat(new ServiceState("ui", "running", "starting", 0).isReady()).isFalse();
        assertThat(ENDED.isReady()).isFalse();
        assertThat(ENDED.description()).isEqualTo("ended with code 137");
        assertThat(new ServiceState("ui", "running", "unhealthy", 0).description())
                .isEqualTo("unhealthy");
    }

    @Test
    void what_is_no_json_is_a_failure_that_quotes_it() {
        assertThatThrownBy(() -> ServiceState.ofJson("NAME   IMAGE\n"))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                        .isEqualTo("the output of `ps` is not understood: NAME   IMAGE"));
    }
}
