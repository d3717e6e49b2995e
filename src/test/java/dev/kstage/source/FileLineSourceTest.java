package dev.kstage.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileLineSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path file;

    FileLineSourceTest(@TempDir Path directory) {
        this.file = directory.resolve("in.txt");
    }

    private static Standing standsAt(long next) {
        return Standing.at(Positions.of(Map.of(0, Position.at(next))));
    }

    private FileLineSource lines(OptionalLong count) throws IOException {
        return new FileLineSource("in.txt", file, new LineFormat.Value(), null, count);
    }

    private static List<String> rest(FileLineSource lines) {
        List<String> values = new ArrayList<>();
        while (!lines.isAtEnd()) {
            lines.poll(1_000, LIMIT).records().forEach(each -> values.add(each.offset() + " " + each.value()));
        }
        return values;
    }

    @Test
    void it_counts_lines_that_windows_wrote_in_the_same_way_wherever_it_continues() throws IOException {
        Files.writeString(file, "\ufeff\r\n\ufeffa\r\n\r\nb\r\n\n\rc\r\n");
        List<Long> ends = List.of(0L, 5L, 11L, 13L, 16L, 17L, 21L);
        List<String> all = List.of("2 \ufeffa", "4 b", "6 \rc");
        for (long end : ends) {
            try (FileLineSource lines = lines(OptionalLong.of(3))) {
                lines.start(standsAt(end));

                List<String> rest = rest(lines);
                assertThat(rest).isEqualTo(all.subList(all.size() - rest.size(), all.size()));
                assertThat(rest).hasSize(end < 11 ? 3 : end < 16 ? 2 : end < 21 ? 1 : 0);
                assertThat(lines.skipped()).isEqualTo(3);
            }
        }
    }

    @Test
    void it_continues_at_a_byte_with_lines_and_empty_lines_counted_from_the_start() throws IOException {
        Files.writeString(file, "a\n\nb\nc\n\nd\n");
        try (FileLineSource lines = lines(OptionalLong.empty())) {
            lines.start(standsAt(5));

            assertThat(rest(lines)).containsExactly("4 c", "6 d");
            assertThat(lines.skipped()).isEqualTo(2);
        }
    }

    @Test
    void what_was_read_has_the_fingerprint_of_the_start_of_a_run_that_continues_there() throws IOException {
        Files.writeString(file, "a\n\nb\nc\nd\n");
        try (FileLineSource first = lines(OptionalLong.empty());
                FileLineSource second = lines(OptionalLong.empty())) {
            first.start(standsAt(0));
            Batch batch = first.poll(2, LIMIT);
            second.start(Standing.at(batch.to()));

            assertThat(second.ofStart()).isEqualTo(first.now()).isNotEqualTo(first.ofStart());
        }
    }

    @Test
    void a_restart_reads_again_from_the_offsets_of_the_sink() throws IOException {
        Files.writeString(file, "a\nb\nc\n");
        try (FileLineSource lines = lines(OptionalLong.empty())) {
            lines.start(standsAt(2));
            rest(lines);
            lines.restart();

            assertThat(rest(lines)).containsExactly("2 b", "3 c");
        }
    }

    @Test
    void records_of_earlier_runs_count() throws IOException {
        Files.writeString(file, "a\n\nb\nc\nd\n");
        try (FileLineSource lines = lines(OptionalLong.of(3))) {
            lines.start(standsAt(5));

            assertThat(rest(lines)).containsExactly("4 c");
        }
    }

    @Test
    void a_file_that_is_shorter_than_what_was_sent_is_refused() throws IOException {
        Files.writeString(file, "a\n");
        try (FileLineSource lines = lines(OptionalLong.empty())) {
            assertThatThrownBy(() -> lines.start(standsAt(5)))
                    .isInstanceOf(Failure.class)
                    .hasMessage("in.txt has changed");
        }
    }

    @Test
    void a_last_line_that_has_grown_since_it_was_sent_is_refused() throws IOException {
        Files.writeString(file, "a\nbc\n");
        try (FileLineSource lines = lines(OptionalLong.empty())) {
            assertThatThrownBy(() -> lines.start(standsAt(3)))
                    .isInstanceOf(Failure.class)
                    .hasMessage("in.txt has changed");
        }
    }
}
