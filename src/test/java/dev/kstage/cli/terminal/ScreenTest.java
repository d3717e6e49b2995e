package dev.kstage.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.cli.terminal.Screen.ColorChoice;
import dev.kstage.installed.Eventually;
import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm-256color");
    private static final String RED = "\u001b[31mx\u001b[0m\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Screen screen(boolean terminal, Map<String, String> environment) {
        return new Screen(out, err, terminal, terminal, environment);
    }

    private Screen pipe() {
        return screen(false, XTERM);
    }

    private String shownOnOut(Screen screen) {
        screen.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    private String shownOnErr(Screen screen) {
        screen.finish();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void prints_reports_on_standard_output() {
        Screen screen = pipe();

        screen.print("é 1");

        assertThat(shownOnOut(screen)).isEqualTo("é 1\n");
        assertThat(shownOnErr(screen)).isEmpty();
    }

    @Test
    void tells_a_failure_in_three_lines_on_standard_error() {
        Screen screen = pipe();

        screen.fail(new Failure(Failure.Kind.FAILED, "cannot write", "disk full", "make room"));

        assertThat(shownOnErr(screen)).isEqualTo("""
                        kstage: cannot write
                          why: disk full
                          try: make room
                        """);
        assertThat(shownOnOut(screen)).isEmpty();
    }

    @Test
    void shows_a_stack_trace_only_when_asked_twice() {
        Screen screen = pipe();
        screen.configure(false, 2, ColorChoice.AUTO);
        screen.hide(List.of("hunter2"));

        screen.fail(new Failure(
                Failure.Kind.FAILED, "what", "why", "remedy", new IOException("bad password hunter2 \u001b[2J")));

        assertThat(shownOnErr(screen))
                .contains("Caused by: java.io.IOException: bad password ******** \\x1b[2J\n")
                .contains("    at dev.kstage.");
    }

    @Test
    void masks_secrets_in_everything() {
        Screen screen = pipe();
        screen.hide(List.of("hunter2"));

        screen.print("a hunter2");
        screen.printBeside("b hunter2");
        screen.note("c hunter2");
        screen.warn("d hunter2");
        screen.fail(new Failure(Failure.Kind.FAILED, "e hunter2", "f hunter2", "g hunter2"));

        assertThat(shownOnOut(screen)).isEqualTo("a ********\n");
        assertThat(shownOnErr(screen)).isEqualTo("""
                        b ********
                        kstage: c ********
                        kstage: warning: d ********
                        kstage: e ********
                          why: f ********
                          try: g ********
                        """);
    }

    @Test
    void masks_a_secret_of_several_lines() {
        Screen screen = pipe();
        screen.hide(List.of("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"));

        screen.warn("bad key: -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n");

        assertThat(shownOnErr(screen)).isEqualTo("kstage: warning: bad key: ********\n");
    }

    @Test
    void escapes_json_on_a_terminal_only() {
        Screen terminal = screen(true, XTERM);
        terminal.printJson("{\"a\":\"\u009b\u202e\"}");
        assertThat(shownOnOut(terminal)).isEqualTo("{\"a\":\"\\u009b\\u202e\"}\n");

        out.reset();
        Screen pipe = pipe();
        pipe.printJson("{\"a\":\"\u009b\u202e\"}");
        assertThat(shownOnOut(pipe)).isEqualTo("{\"a\":\"\u009b\u202e\"}\n");
    }

    @Test
    void keeps_every_byte_of_what_is_data() {
        Screen screen = pipe();
        screen.hide(List.of("hunter2"));

        screen.printVerbatim("a\u0001b\u0002c\u0003d\u0004 hunter2");

        assertThat(shownOnOut(screen)).isEqualTo("a\u0001b\u0002c\u0003d\u0004 ********\n");
    }

    @Test
    void escapes_control_characters_in_messages() {
        Screen screen = screen(true, XTERM);

        screen.note("a\u001b[2J\nb");
        screen.fail(new Failure(Failure.Kind.FAILED, "x\u001b[2J", "y\u0007", "z\u009b"));

        assertThat(shownOnErr(screen))
                .doesNotContain("\u001b[2J", "\u0007", "\u009b")
                .contains("a\\x1b[2J\\x0ab");
    }

    @Test
    void takes_no_markup_from_messages() {
        Screen screen = screen(true, XTERM);

        screen.note("group @|red x|@");

        assertThat(shownOnErr(screen)).isEqualTo("kstage: group @|red x|@\n");
    }

    @Test
    void colours_on_a_terminal() {
        Screen screen = screen(true, XTERM);

        screen.print(AnsiStyle.BAD.on("x"));

        assertThat(shownOnOut(screen)).isEqualTo(RED);
    }

    @Test
    void does_not_colour_on_a_pipe() {
        Screen screen = pipe();

        screen.print(AnsiStyle.BAD.on("x"));
        screen.warn("y");

        assertThat(shownOnOut(screen)).isEqualTo("x\n");
        assertThat(shownOnErr(screen)).isEqualTo("kstage: warning: y\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, dumb", "NO_COLOR, 1", "OTHER, x"})
    void does_not_colour_where_the_environment_speaks_against_it(String variable, String value) {
        Screen screen = screen(true, Map.of(variable, value));

        screen.print(AnsiStyle.BAD.on("x"));

        assertThat(shownOnOut(screen)).isEqualTo("x\n");
    }

    @Test
    void does_not_colour_when_the_user_wants_none() {
        Screen screen = screen(true, XTERM);
        screen.configure(false, 0, ColorChoice.NEVER);

        screen.print(AnsiStyle.BAD.on("x"));

        assertThat(shownOnOut(screen)).isEqualTo("x\n");
    }

    @Test
    void colours_on_a_pipe_when_the_user_wants_it() {
        Screen screen = screen(false, Map.of());
        screen.configure(false, 0, ColorChoice.ALWAYS);

        screen.print(AnsiStyle.BAD.on("x"));

        assertThat(shownOnOut(screen)).isEqualTo(RED);
    }

    @Test
    void keeps_notes_back_and_warnings_not_when_the_user_wants_quiet() {
        Screen screen = pipe();
        screen.configure(true, 0, ColorChoice.AUTO);

        screen.note("note");
        screen.warn("warning");

        assertThat(shownOnErr(screen)).isEqualTo("kstage: warning: warning\n");
    }

    @Test
    void leaves_data_as_it_is() throws IOException {
        Screen screen = pipe();
        screen.hide(List.of("hunter2"));

        screen.data().write(new byte[] {27, (byte) 0xff});

        assertThat(out.toByteArray()).containsExactly(27, 0xff);
    }

    @Test
    void remembers_that_standard_output_failed() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Screen screen = new Screen(full, err, false, false, XTERM);
        screen.print("report");

        IOException failure = screen.finish();

        assertThat(failure).hasMessage("No space left on device");
        assertThat(screen.isRead()).isFalse();
    }

    @Test
    void has_no_failure_to_tell_of_when_all_went_well() {
        Screen screen = pipe();
        screen.print("report");

        assertThat(screen.finish()).isNull();
        assertThat(screen.isRead()).isTrue();
    }

    @Test
    void shows_nothing_of_a_run_that_ends_soon() {
        Screen screen = pipe();

        screen.progress("consume", new StageProgress(), false).close();

        assertThat(shownOnErr(screen)).isEmpty();
    }

    @Test
    void paints_one_line_on_a_terminal_and_takes_it_away() {
        Screen screen = screen(true, XTERM);

        try (ProgressLine line = screen.progress("consume", new StageProgress(), false)) {
            Eventually.await(
                    "the line", Duration.ofSeconds(20), () -> shownOnErr(screen).contains("\rconsume"));
        }

        assertThat(shownOnErr(screen)).doesNotContain("\n").endsWith("\r\u001b[K");
    }

    @Test
    void takes_no_colour_from_text_of_a_cluster() {
        Screen screen = screen(true, XTERM);

        screen.print(new Table("group").row("\u0003x\u0004").lines("").get(1));

        assertThat(shownOnOut(screen)).isEqualTo("\\x03x\\x04\n");
    }
}
