package dev.kstage.sink.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Bytes;
import dev.kstage.record.Positions;
import dev.kstage.report.FailureText;
import dev.kstage.sink.RecordOf;
import dev.kstage.stage.Results;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsoleSinkTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /** Standard output that can't be written to. */
    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                throw new IOException(message);
            }
        };
    }

    private static Results oneValue(Bytes value) {
        Results results = new Results();
        results.store(RecordOf.value(value));
        return results;
    }

    @Test
    void prints_a_value_a_line() {
        new ConsoleSink(output, false).write(RecordOf.results("{\"a\":1}", "two"));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}\ntwo\n");
    }

    @Test
    void prints_a_tombstone_as_an_empty_line() {
        Results results = RecordOf.results("a");
        results.store(RecordOf.tombstone());

        new ConsoleSink(output, false).write(results);

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\n\n");
    }

    @Test
    void passes_bytes_to_a_pipe_as_they_are() {
        Bytes raw = Bytes.of(new byte[] {(byte) 0xff, 0, 27, '[', '2', 'J'});

        new ConsoleSink(output, false).write(oneValue(raw));

        assertThat(output.toByteArray()).containsExactly(0xff, 0, 27, '[', '2', 'J', '\n');
    }

    @Test
    void escapes_control_characters_on_a_terminal() {
        new ConsoleSink(output, true).write(oneValue(Bytes.of("a\u001b[2Jé")));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\\x1b[2Jé\n");
    }

    @Test
    void shows_a_replacement_for_what_is_no_text_on_a_terminal() {
        Bytes raw = Bytes.of(new byte[] {'a', (byte) 0xff});

        new ConsoleSink(output, true).write(oneValue(raw));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\ufffd\n");
    }

    @Test
    void prints_more_than_its_buffer_holds() {
        String large = "x".repeat(100_000);

        new ConsoleSink(output, false).write(RecordOf.results(large, large, "end"));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo(large + "\n" + large + "\nend\n");
    }

    @Test
    void owns_no_position() {
        assertThat(new ConsoleSink(output, false).takeOver(Set.of(0))).isEqualTo(Positions.NONE);
    }

    @Test
    void wants_a_commit_after_each_poll() {
        assertThat(new ConsoleSink(output, false).isCommitDue(Duration.ZERO)).isTrue();
    }

    @Test
    void says_that_its_reader_has_gone() {
        ConsoleSink console = new ConsoleSink(failing("Broken pipe"), false);

        assertThatThrownBy(() -> console.write(RecordOf.results("a"))).isInstanceOf(BrokenPipe.class);
    }

    @Test
    void tells_why_it_cannot_write() {
        ConsoleSink console = new ConsoleSink(failing("No space left on device"), false);

        assertThat(FailureText.by(() -> console.write(RecordOf.results("a")))).isEqualTo("""
                        FAILED: cannot write to standard output
                        No space left on device
                        free some space where standard output goes, then run the same command again
                        """);
    }
}
