package dev.kstage.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
    @ParameterizedTest
    @CsvSource({"FAILED, 1", "USAGE, 2", "CHECK, 3", "TEMPORARY, 4"})
    void tells_a_script_what_kind_of_failure_it_was(Failure.Kind kind, int code) {
        assertThat(ExitCode.of(kind)).isEqualTo(code);
    }
}
