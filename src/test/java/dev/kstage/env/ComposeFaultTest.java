package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeFaultTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running? | TEMPORARY | start Docker
            docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.') | TEMPORARY | start Docker
            permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock | USAGE | permission to use Docker
            Bind for 127.0.0.1:29092 failed: port is already allocated | USAGE | --port
            manifest for apache/kafka:0.0.1 not found: manifest unknown: manifest unknown | USAGE | KSTAGE_KAFKA_IMAGE
            dial tcp: lookup registry.example.com: no such host | TEMPORARY | registry
            write /var/lib/docker/tmp/x: no space left on device | FAILED | free some space
            podman-compose: error: unrecognized arguments: --format json | USAGE | install 1.1 or newer
            services.kafka.ports is not a list | FAILED | fix this
            """)
    void what_the_tools_complain_of_has_a_kind_and_a_way_out(String complaint, Failure.Kind kind, String remedy) {
        Failure failure = ComposeFault.of("cannot start", "Pulling kafka\n" + complaint + "\n");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.why()).isEqualTo(complaint);
        assertThat(failure.remedy()).contains(remedy);
    }

    @Test
    void a_tool_that_says_nothing_is_reported_as_well() {
        assertThat(ComposeFault.of("cannot start", "\n").why()).isEqualTo("the compose tool gives no reason");
    }
}
