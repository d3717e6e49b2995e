package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Failure;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnexpectedFailureTest {
    static Stream<Throwable> what_the_jvm_throws() {
        return Stream.of(
                new StackOverflowError(),
                new OutOfMemoryError("Java heap space"),
                new NoClassDefFoundError("dev/kstage/Gone"),
                new ExceptionInInitializerError(new IllegalStateException("x")),
                new AssertionError(),
                new IllegalStateException("first line\nsecond line " + "x".repeat(100_000)),
                new NullPointerException("y".repeat(100_000)));
    }

    @ParameterizedTest
    @MethodSource
    void what_the_jvm_throws(Throwable thrown) {
        Failure failure = UnexpectedFailure.of(thrown);

        assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(Stream.of(failure.what(), failure.why(), failure.remedy()))
                .allSatisfy(line ->
                        assertThat(line).isNotBlank().hasSizeLessThan(500).doesNotContain("\n"));
        assertThat(failure.why()).startsWith(thrown.getClass().getSimpleName());
    }

    @Test
    void a_failure_of_another_thread_is_reported_as_itself() {
        Failure failure = new Failure(Failure.Kind.TEMPORARY, "what", "why", "remedy");

        assertThat(UnexpectedFailure.of(new CompletionException(failure))).isSameAs(failure);
    }
}
