package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compose tools that hang, and containers that never get healthy: a script stands for the tool. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ComposeStartTest {
    private static final String HANGS = "trap '' TERM; while :; do sleep 1; done";

    private final Path home;
    private final EnvironmentDirectory directory;

    ComposeStartTest(@TempDir Path home) throws IOException {
        this.home = home;
        directory = EnvironmentDirectory.of(XdgDirectories.of(Map.of("HOME", home.toString()), home), "local");
        directory.create();
        ComposeFiles.write(directory.compose());
    }

    /** A tool that does this when it is told to start containers, and says that Kafka's is starting. */
    private Compose tool(String up) throws IOException {
        Path script = Files.writeString(home.resolve("compose"), """
                #!/bin/sh
                case " $* " in
                *" up "*) %s ;;
                *" ps "*) echo '{"Service":"kafka","State":"running","Health":"starting"}' ;;
                *" logs "*) echo 'not yet' ;;
                esac
                """.formatted(up));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new Compose(
                new ComposeTool(List.of(script.toString()), "2", ComposeTool.Dialect.SECOND),
                ComposeStack.of(directory, ComposeStack.Variant.KRAFT, new TreeSet<>()),
                directory.compose(),
                Map.of());
    }

    private Failure failure(Compose compose, long speed, Duration limit) {
        ComposeStart start = new ComposeStart(compose, directory, new Unwatched(), new FastClock(speed));
        return Objects.requireNonNull(catchThrowableOfType(Failure.class, () -> start.run(limit)), "it came up");
    }

    @Test
    void a_tool_that_hangs_while_it_fetches_is_given_up_after_half_an_hour() throws IOException {
        // Half an hour is two seconds.
        Failure failure = failure(tool(HANGS), 900, Duration.ofMinutes(5));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.why()).isEqualTo("its containers were not created within 30 min 0 s");
    }

    @Test
    void containers_that_do_not_get_healthy_are_given_up_after_the_limit() throws IOException {
        Failure failure = failure(tool("exit 0"), 100, Duration.ofMinutes(2));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.why()).startsWith("kafka is not healthy after 2 min 0 s: ");
    }

    private static final class Unwatched implements ComposeKafka.Watch {
        @Override
        public void uses(String tool) {}

        @Override
        public void looked(ComposeStack stack, List<ServiceState> states) {}

        @Override
        public void waitsFor(String what) {}

        @Override
        public void log(String whose, List<String> lines) {}

        @Override
        public boolean isInterrupted() {
            return false;
        }
    }
}
