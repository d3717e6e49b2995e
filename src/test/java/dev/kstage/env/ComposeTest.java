package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {
    private static final String GONE = "Error response from daemon: No such container: 9307ebd78761";

    @TempDir
    Path directory;

    /** A stack whose tool complains so many times, each with a line in a file, before it lists a Kafka that runs. */
    private Compose complaining(String complaint, int times) throws IOException {
        Path program = directory.resolve("compose");
        Files.writeString(program, """
                #!/bin/sh
                echo look >> looks
                if [ "$(wc -l < looks)" -le %d ]; then
                    echo '%s' >&2
                    exit 1
                fi
                echo '{"Service":"kafka","State":"running","Health":"healthy","ExitCode":0}'
                """.formatted(times, complaint));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        ComposeTool tool = new ComposeTool(List.of(program.toString()), "2.26.1", ComposeTool.Dialect.SECOND);
        ComposeStack stack = new ComposeStack("stack", ComposeStack.Variant.KRAFT, new TreeSet<>());
        return new Compose(tool, stack, directory, Map.of());
    }

    private List<String> looks() throws IOException {
        return Files.readAllLines(directory.resolve("looks"));
    }

    @Test
    void a_container_that_goes_while_all_are_listed_has_them_listed_again() throws IOException {
        assertThat(complaining(GONE, 2).states()).containsExactly(new ServiceState("kafka", "running", "healthy", 0));
        assertThat(looks()).hasSize(3);
    }

    @Test
    void a_tool_that_never_lists_them_is_reported() throws IOException {
        Compose compose = complaining(GONE, Integer.MAX_VALUE);

        assertThatThrownBy(compose::states).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                .isEqualTo(GONE));
        assertThat(looks()).hasSize(5);
    }

    @Test
    void any_other_complaint_is_reported_at_once() throws IOException {
        Compose compose = complaining("no space left on device", 1);

        assertThatThrownBy(compose::states)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.remedy()).startsWith("free some space"));
        assertThat(looks()).hasSize(1);
    }
}
