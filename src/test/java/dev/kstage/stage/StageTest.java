package dev.kstage.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class StageTest {
    private final StageProgress meter = new StageProgress();

    private Stage stage(Source source, Sink sink, StopRules rules, BooleanSupplier interrupted) {
        return new Stage(source, Transform.NONE, sink, rules, meter, interrupted);
    }

    private static boolean never() {
        return false;
    }

    private static StopRules count(long count) {
        return new StopRules(OptionalLong.of(count), true, null, null);
    }

    @Test
    void moves_everything_and_settles_at_the_end() {
        ListSink sink = ListSink.eager();
        ListSource source = new ListSource().portion("a", "b").portion("c");

        stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(String.join("\n", sink.journal)).isEqualTo("""
                        open orders
                        claim [0] at {}
                        begin at {0=0}
                        commit [a, b] to {0=2}
                        commit [c] to {0=3}
                        settle""");
    }

    @Test
    void sums_up_what_it_did() {
        Transform odd = (record, results) -> {
            switch (String.valueOf(record.value())) {
                case "bad" -> results.reject(record, "is bad");
                case "dull" -> results.filter();
                default -> results.store(record);
            }
        };
        ListSource source = new ListSource().portion("a", "bad", "dull", "b");

        Summary summary = new Stage(source, odd, ListSink.eager(), StopRules.AT_END, meter, StageTest::never).run();

        assertThat(summary)
                .usingRecursiveComparison()
                .ignoringFields("time")
                .isEqualTo(new Summary(4, 2, 1, 1, StopReason.END, Duration.ZERO, ListSource.at(4), 0));
    }

    @Test
    void starts_at_the_offsets_of_the_sink() {
        ListSink sink = new ListSink(ListSource.at(41), Duration.ZERO);
        ListSource source = new ListSource();

        stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(source.startedWith).containsExactly(ListSource.at(41));
    }

    @Test
    void reads_exactly_the_count() {
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a", "b").portion("c", "d", "e");

        Summary summary = stage(source, sink, count(3), StageTest::never).run();

        assertThat(summary.read()).isEqualTo(3);
        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.COUNT);
        assertThat(summary.lag()).isEqualTo(2);
        assertThat(sink.journal)
                .containsExactly(
                        "open orders", "claim [0] at {}", "begin at {0=0}", "commit [a, b, c] to {0=3}", "settle");
    }

    @Test
    void never_asks_for_more_than_the_count_leaves() {
        ListSource source = new ListSource().portion("a", "b").portion("c", "d", "e");

        stage(source, ListSink.eager(), count(3), StageTest::never).run();

        assertThat(source.asked).containsExactly(3, 1);
    }

    @Test
    void reads_nothing_for_a_count_of_nothing() {
        ListSource source = new ListSource().portion("a");

        Summary summary =
                stage(source, ListSink.eager(), count(0), StageTest::never).run();

        assertThat(summary.read()).isZero();
        assertThat(source.asked).isEmpty();
    }

    @Test
    void stops_at_the_end_before_the_count() {
        ListSource source = new ListSource().portion("a");

        Summary summary =
                stage(source, ListSink.eager(), count(3), StageTest::never).run();

        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.END);
    }

    @Test
    void stops_when_idle_on_a_source_without_an_end() {
        ListSource source = new ListSource().portion("a").endless();
        StopRules rules = new StopRules(OptionalLong.empty(), false, Duration.ofMillis(1), null);

        Summary summary =
                stage(source, ListSink.eager(), rules, StageTest::never).run();

        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.IDLE);
        assertThat(summary.stored()).isEqualTo(1);
    }

    @Test
    void counts_no_outage_as_idleness() {
        ListSource source = new ListSource().portion("a").endless().outage(3, "b");
        StopRules rules = new StopRules(OptionalLong.empty(), false, Duration.ofMillis(1), null);

        Summary summary =
                stage(source, ListSink.eager(), rules, StageTest::never).run();

        assertThat(summary.stored()).isEqualTo(2);
    }

    @Test
    void holds_nothing_back_while_it_asks_whether_all_is_quiet() {
        ListSource source = new ListSource().portion("a").endless().outage(2, "b");
        StopRules rules = new StopRules(OptionalLong.empty(), false, Duration.ofMillis(1), null);
        ListSink sink = ListSink.patient();

        stage(source, sink, rules, StageTest::never).run();

        assertThat(sink.journal).contains("commit [a] to {0=1}", "commit [b] to {0=2}");
    }

    @Test
    void stops_when_the_time_is_over() {
        ListSource source = new ListSource().endless();
        StopRules rules = new StopRules(OptionalLong.of(9), true, Duration.ofDays(1), Duration.ofMillis(1));

        Summary summary =
                stage(source, ListSink.eager(), rules, StageTest::never).run();

        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.MAX_TIME);
    }

    @Test
    void commits_what_it_holds_before_it_stops() {
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a").portion("b").portion("c");

        stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal)
                .containsExactly(
                        "open orders", "claim [0] at {}", "begin at {0=0}", "commit [a, b, c] to {0=3}", "settle");
    }

    @Test
    void commits_nothing_when_nothing_moved() {
        ListSink sink = new ListSink(ListSource.at(7), Duration.ZERO);

        stage(new ListSource(), sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal).containsExactly("open orders", "claim [0] at {0=7}", "settle");
    }

    @Test
    void commits_where_a_first_run_started_though_nothing_was_there() {
        ListSink sink = ListSink.eager();

        stage(new ListSource(), sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal).containsExactly("open orders", "claim [0] at {}", "begin at {0=0}", "settle");
    }

    @Test
    void commits_the_position_after_markers_without_a_record() {
        ListSink sink = ListSink.eager();
        ListSource source = new ListSource().portion("a").markers(2);

        Summary summary =
                stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal)
                .containsExactly(
                        "open orders",
                        "claim [0] at {}",
                        "begin at {0=0}",
                        "commit [a] to {0=1}",
                        "commit [] to {0=3}",
                        "settle");
        assertThat(summary.positions()).isEqualTo(ListSource.at(3));
    }

    @Test
    void tells_the_source_after_each_commit() {
        ListSource source = new ListSource().portion("a").portion("b", "c");

        stage(source, ListSink.eager(), StopRules.AT_END, StageTest::never).run();

        assertThat(source.told).containsExactly(1L, 3L);
    }

    @Test
    void commits_what_it_holds_when_interrupted() {
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a").portion("b").portion("c");
        AtomicInteger questions = new AtomicInteger();

        Summary summary = stage(source, sink, StopRules.AT_END, () -> questions.incrementAndGet() > 2)
                .run();

        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.INTERRUPTED);
        assertThat(sink.journal)
                .containsExactly(
                        "open orders", "claim [0] at {}", "begin at {0=0}", "commit [a, b] to {0=2}", "settle");
    }

    @Test
    void reads_nothing_when_interrupted_at_once() {
        ListSource source = new ListSource().portion("a");

        Summary summary =
                stage(source, ListSink.eager(), StopRules.AT_END, () -> true).run();

        assertThat(summary.read()).isZero();
        assertThat(source.asked).isEmpty();
    }

    @Test
    void ends_with_the_failure_of_the_sink_and_leaves_what_was_committed() {
        ListSink sink = ListSink.eager().failingAfter(1);
        ListSource source = new ListSource().portion("a").portion("b").portion("c");
        Stage stage = stage(source, sink, StopRules.AT_END, StageTest::never);

        Failure failure = catchThrowableOfType(Failure.class, stage::run);

        assertThat(failure.why()).isEqualTo("no space left");
        assertThat(sink.journal)
                .containsExactly("open orders", "claim [0] at {}", "begin at {0=0}", "commit [a] to {0=1}");
        assertThat(source.told).containsExactly(1L);
        assertThat(meter.records()).isEqualTo(2);
    }

    @Test
    void tells_the_meter_how_far_it_is() {
        ListSource source = new ListSource().portion("a", "b", "c");

        stage(source, ListSink.eager(), count(2), StageTest::never).run();

        assertThat(meter.records()).isEqualTo(2);
        assertThat(meter.lag()).isEqualTo(1);
    }

    @Test
    void leaves_source_and_sink_open() {
        ListSink sink = ListSink.eager();

        stage(new ListSource(), sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal).doesNotContain("close");
    }

    @Test
    void reads_again_from_the_offsets_of_the_sink_after_a_lost_race() {
        ListSink sink = ListSink.eager().committing(1).failing(new CommitConflict("another run was faster"));
        ListSource source = new ListSource().portion("a").portion("b").portion("c");
        source.during(1, () -> sink.moveTo(2));

        Summary summary =
                stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(String.join("\n", sink.journal)).isEqualTo("""
                        open orders
                        claim [0] at {}
                        begin at {0=0}
                        commit [a] to {0=1}
                        abort
                        claim [0] at {0=2}
                        commit [c] to {0=3}
                        settle""");
        assertThat(summary.stored()).isEqualTo(2);
    }

    @Test
    void counts_what_a_failed_commit_left_stored_and_does_not_read_it_again() {
        ListSink sink = ListSink.eager()
                .storingAllTheSame()
                .committing(1)
                .failing(new CommitConflict("another run was faster with another partition"));
        ListSource source = new ListSource().portion("a").portion("b", "c").portion("d");

        Summary summary =
                stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal)
                .containsSubsequence("commit [a] to {0=1}", "abort", "claim [0] at {0=3}", "commit [d] to {0=4}");
        assertThat(summary.stored()).isEqualTo(4);
    }

    @Test
    void tries_again_what_could_not_be_stored() {
        ListSink sink = ListSink.eager().failing(full(Duration.ofDays(1)), full(Duration.ofDays(1)));
        ListSource source = new ListSource().portion("a");

        Summary summary =
                stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal).containsSubsequence("abort", "claim [0] at {0=0}", "abort", "commit [a] to {0=1}");
        assertThat(summary.stored()).isEqualTo(1);
    }

    @Test
    void ends_with_the_failure_once_patience_is_at_its_end() {
        ListSink sink = ListSink.eager().failing(full(Duration.ZERO), full(Duration.ZERO));
        Stage stage = stage(new ListSource().portion("a"), sink, StopRules.AT_END, StageTest::never);

        Failure failure = catchThrowableOfType(Failure.class, stage::run);

        assertThat(failure.why()).isEqualTo("no space left");
        assertThat(sink.journal).doesNotContain("settle");
    }

    /** As after a COMMIT whose answer was lost, when for an hour there was nothing more to store. */
    @Test
    void tries_again_what_fails_long_after_something_else_did() {
        AtomicLong passed = new AtomicLong();
        ListSink sink = ListSink.eager()
                .storingAllTheSame()
                .failing(full(Duration.ofSeconds(30)), full(Duration.ofSeconds(30)));
        ListSource source = new ListSource().portion("a").portion("b");
        source.during(1, () -> passed.addAndGet(Duration.ofHours(1).toNanos()));
        Stage stage = new Stage(
                source,
                Transform.NONE,
                sink,
                StopRules.AT_END,
                meter,
                StageTest::never,
                () -> System.nanoTime() + passed.get());

        assertThat(stage.run().stored()).isEqualTo(2);
    }

    private static RetriableFailure full(Duration patience) {
        return new RetriableFailure(
                new Failure(Failure.Kind.FAILED, "cannot write", "no space left", "make room"), patience);
    }

    @Test
    void does_not_try_again_when_interrupted() {
        ListSink sink = ListSink.eager().failing(full(Duration.ofDays(1)), full(Duration.ofDays(1)));
        AtomicInteger questions = new AtomicInteger();
        Stage stage =
                stage(new ListSource().portion("a"), sink, StopRules.AT_END, () -> questions.incrementAndGet() > 1);

        assertThat(catchThrowableOfType(Failure.class, stage::run).why()).isEqualTo("no space left");
    }

    @Test
    void commits_what_it_holds_before_it_lets_a_partition_go() {
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a").portion("b");
        source.during(1, () -> source.listener().revoked(Set.of(0)));

        stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(sink.journal).containsSubsequence("begin at {0=0}", "commit [a] to {0=1}");
        assertThat(sink.journal).doesNotContain("abort");
    }

    @Test
    void drops_what_it_holds_of_a_partition_that_another_run_has() {
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a").portion("b");
        source.during(1, () -> source.listener().lost(Set.of(0)));

        stage(source, sink, StopRules.AT_END, StageTest::never).run();

        assertThat(String.join("\n", sink.journal)).isEqualTo("""
                        open orders
                        claim [0] at {}
                        begin at {0=0}
                        abort
                        claim [0] at {0=0}
                        commit [a, b] to {0=2}
                        settle""");
    }

    @Test
    void stops_before_the_first_record_that_cannot_be_stored_if_it_shall() {
        Transform strict = (record, results) -> {
            if (String.valueOf(record.value()).equals("bad")) {
                results.reject(record, "is bad");
            } else {
                results.store(record);
            }
        };
        ListSink sink = ListSink.patient();
        ListSource source = new ListSource().portion("a", "b", "bad", "c");
        Stage stage = new Stage(source, strict, sink, StopRules.AT_END.orAtDeadLetter(), meter, StageTest::never);

        Failure failure = catchThrowableOfType(Failure.class, stage::run);

        assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED);
        assertThat(failure.what()).isEqualTo("record 0:2 of orders can't be stored");
        assertThat(failure.why()).isEqualTo("is bad");
        assertThat(sink.journal).endsWith("commit [a, b] to {0=2}");
        Summary summary = stage.untilFailure().orElseThrow();
        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.FAILURE);
        assertThat(summary.read()).isEqualTo(2);
        assertThat(summary.positions()).isEqualTo(ListSource.at(2));
        assertThat(summary.lag()).isEqualTo(2);
    }

    @Test
    void tells_what_was_stored_until_a_failure() {
        Failure failure = new Failure(Failure.Kind.FAILED, "cannot write", "no space left", "make room");
        ListSink sink = ListSink.eager();
        ListSource source = new ListSource().portion("a").portion("b").portion("c");
        source.during(1, () -> {
            throw failure;
        });
        Stage stage = stage(source, sink, StopRules.AT_END, StageTest::never);

        assertThat(stage.untilFailure()).isEmpty();
        assertThat(catchThrowableOfType(Failure.class, stage::run)).isSameAs(failure);
        Summary summary = stage.untilFailure().orElseThrow();

        assertThat(summary.stored()).isEqualTo(1);
        assertThat(summary.positions()).isEqualTo(ListSource.at(1));
        assertThat(summary.lag()).isEqualTo(2);
    }

    @Test
    void commits_nothing_that_is_not_confirmed_and_stops_when_interrupted_meanwhile() {
        ListSink sink = ListSink.eager();
        ListSource source = new ListSource().portion("a").portion("b", "c").portion("d");
        AtomicInteger asked = new AtomicInteger();
        source.confirmedBy(giveUp -> asked.incrementAndGet() == 1);

        Summary summary =
                stage(source, sink, StopRules.AT_END, () -> asked.get() > 1).run();

        assertThat(summary.stoppedBecause()).isEqualTo(StopReason.INTERRUPTED);
        assertThat(summary.stored()).isEqualTo(1);
        assertThat(String.join("\n", sink.journal)).isEqualTo("""
                        open orders
                        claim [0] at {}
                        begin at {0=0}
                        commit [a] to {0=1}
                        abort
                        settle""");
    }

    @Test
    void drops_what_it_holds_when_the_source_is_not_what_it_was() {
        ListSink sink = ListSink.eager();
        Failure gone = new Failure(Failure.Kind.USAGE, "what", "why", "remedy");
        AtomicInteger asked = new AtomicInteger();
        ListSource source = new ListSource().portion("a").portion("b").confirmedBy(giveUp -> {
            if (asked.incrementAndGet() > 1) {
                throw gone;
            }
            return true;
        });

        assertThat(catchThrowableOfType(Failure.class, () -> stage(source, sink, StopRules.AT_END, StageTest::never)
                        .run()))
                .isSameAs(gone);
        assertThat(String.join("\n", sink.journal)).isEqualTo("""
                        open orders
                        claim [0] at {}
                        begin at {0=0}
                        commit [a] to {0=1}
                        abort""");
        assertThat(source.told).containsExactly(1L);
    }
}
