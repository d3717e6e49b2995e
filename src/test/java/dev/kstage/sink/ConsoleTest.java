package dev.kstage.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Told;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Positions;
import dev.kstage.stage.Results;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsoleTest {
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
        new Console(output, false).write(RecordOf.results("{\"a\":1}", "two"));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}\ntwo\n");
    }

    @Test
    void prints_a_tombstone_as_an_empty_line() {
        Results results = RecordOf.results("a");
        results.store(RecordOf.tombstone());

        new Console(output, false).write(results);

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\n\n");
    }

    @Test
    void passes_bytes_to_a_pipe_as_they_are() {
        Bytes raw = Bytes.of(new byte[] {(byte) 0xff, 0, 27, '[', '2', 'J'});

        new Console(output, false).write(oneValue(raw));

        assertThat(output.toByteArray()).containsExactly(0xff, 0, 27, '[', '2', 'J', '\n');
    }

    @Test
    void escapes_control_characters_on_a_terminal() {
        new Console(output, true).write(oneValue(Bytes.of("a\u001b[2Jé")));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\\x1b[2Jé\n");
    }

    @Test
    void shows_a_replacement_for_what_is_no_text_on_a_terminal() {
        Bytes raw = Bytes.of(new byte[] {'a', (byte) 0xff});

        new Console(output, true).write(oneValue(raw));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\ufffd\n");
    }

    @Test
    void prints_more_than_its_buffer_holds() {
        String large = "x".repeat(100_000);

        new Console(output, false).write(RecordOf.results(large, large, "end"));

        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo(large + "\n" + large + "\nend\n");
    }

    @Test
    void owns_no_position() {
        assertThat(new Console(output, false).claim(Set.of(0))).isEqualTo(Positions.NONE);
    }

    @Test
    void wants_a_commit_after_each_poll() {
        assertThat(new Console(output, false).isCommitDue(Duration.ZERO)).isTrue();
    }

    @Test
    void says_that_its_reader_has_gone() {
        Console console = new Console(failing("Broken pipe"), false);

        assertThatThrownBy(() -> console.write(RecordOf.results("a"))).isInstanceOf(ReaderGone.class);
    }

    @Test
    void tells_why_it_cannot_write() {
        Console console = new Console(failing("No space left on device"), false);

        assertThat(Told.by(() -> console.write(RecordOf.results("a")))).isEqualTo("""
                        FAILED: cannot write to standard output
                        No space left on device
                        make room where standard output goes, and run the same command again
                        """);
    }
}
