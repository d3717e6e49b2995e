package dev.kstage.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalHandlerTest {
    private static final int INT = 2;
    private static final int TERM = 15;

    private final List<Integer> exits = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final SignalHandler interruption = new SignalHandler(exits::add);

    @Test
    void ends_the_process_at_once_when_nothing_runs() {
        interruption.received(INT, told::add);

        assertThat(exits).containsExactly(130);
        assertThat(interruption.getAsBoolean()).isFalse();
    }

    @Test
    void asks_a_run_to_stop() {
        interruption.askFirst();

        interruption.received(TERM, told::add);

        assertThat(exits).isEmpty();
        assertThat(interruption.getAsBoolean()).isTrue();
    }

    @Test
    void ends_the_process_the_second_time() {
        interruption.askFirst();
        interruption.received(INT, told::add);

        interruption.received(TERM, told::add);

        assertThat(exits).containsExactly(143);
    }

    @Test
    void ends_the_process_at_once_after_the_run() {
        interruption.askFirst().close();

        interruption.received(INT, told::add);

        assertThat(exits).containsExactly(130);
    }

    @Test
    void continues_asking_after_a_run_within_a_run() {
        SignalHandler.Scope outer = interruption.askFirst();
        interruption.askFirst().close();

        interruption.received(INT, told::add);

        assertThat(exits).isEmpty();
        outer.close();
    }

    @Test
    void tells_once_what_the_process_does_until_it_ends() {
        try (SignalHandler.Scope run = interruption.askFirst("ending the test");
                SignalHandler.Scope stage = interruption.askFirst()) {
            interruption.received(INT, told::add);
            interruption.received(INT, told::add);
        }

        assertThat(told).containsExactly("finishing the current commit");
        assertThat(exits).containsExactly(130);
    }

    @Test
    void tells_what_the_outer_run_does_after_the_inner_one() {
        try (SignalHandler.Scope run = interruption.askFirst("ending the test")) {
            interruption.askFirst().close();
            interruption.received(TERM, told::add);
        }

        assertThat(told).containsExactly("ending the test");
    }

    @Test
    void gives_the_exit_code_of_the_signal_that_asked() {
        interruption.askFirst();
        interruption.received(TERM, told::add);

        assertThat(interruption.exitCode(0)).isEqualTo(143);
    }

    @Test
    void leaves_the_exit_code_of_a_run_that_no_signal_ended() {
        assertThat(interruption.exitCode(3)).isEqualTo(3);
    }
}
