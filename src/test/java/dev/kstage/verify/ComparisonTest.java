package dev.kstage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Check;
import dev.kstage.source.Template;
import dev.kstage.source.UserEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int EVENTS = 1_000;
    private static final long SEED = 7;

    /** What a good store holds. */
    private static List<byte[]> allEvents() {
        Template template = new UserEvents(SEED);
        List<byte[]> lines = new ArrayList<>();
        for (int index = 0; index < EVENTS; index++) {
            lines.add(template.event(index).value().array());
        }
        return lines;
    }

    private static Verdict verdictOn(List<byte[]> lines) {
        Comparison comparison = new Comparison(new UserEvents(SEED), EVENTS);
        lines.forEach(comparison::add);
        return comparison.verdict();
    }

    /** The index of another event with the key of event {@code index}, later than it. */
    private static int laterOfSameKey(int index) {
        Template template = new UserEvents(SEED);
        Object key = template.event(index).key();
        int later = index + 1;
        while (!template.event(later).key().equals(key)) {
            later++;
        }
        return later;
    }

    @Test
    void finds_a_good_store_good() {
        assertThat(verdictOn(allEvents())).isEqualTo(new Verdict(1000, 1000, 0, 0, 0, 0, List.of()));
    }

    @Test
    void holds_for_a_good_store_alone() {
        assertThat(verdictOn(allEvents()).holds()).isTrue();
        assertThat(verdictOn(List.of()).holds()).isFalse();
    }

    @Test
    void lets_events_of_different_keys_change_places() {
        List<byte[]> lines = allEvents();
        Collections.swap(lines, 0, 1);

        assertThat(verdictOn(lines).holds()).isTrue();
    }

    @Test
    void finds_a_lost_event() {
        List<byte[]> lines = allEvents();
        lines.remove(17);

        assertThat(verdictOn(lines)).isEqualTo(new Verdict(1000, 999, 1, 0, 0, 0, List.of("event 17 is not stored")));
    }

    @Test
    void finds_everything_lost_in_an_empty_store() {
        assertThat(verdictOn(List.of()))
                .isEqualTo(new Verdict(1000, 0, 1000, 0, 0, 0, List.of("event 0 is not stored")));
    }

    @Test
    void finds_a_duplicated_event() {
        List<byte[]> lines = allEvents();
        lines.add(lines.get(3));

        assertThat(verdictOn(lines))
                .isEqualTo(new Verdict(1000, 1001, 0, 1, 0, 0, List.of("line 1001 is event 3 again")));
    }

    @Test
    void counts_every_copy_beyond_the_first() {
        List<byte[]> lines = allEvents();
        lines.add(lines.get(3));
        lines.add(lines.get(3));

        assertThat(verdictOn(lines).duplicated()).isEqualTo(2);
    }

    @Test
    void finds_an_altered_event() {
        List<byte[]> lines = allEvents();
        String altered = new String(lines.get(5), StandardCharsets.UTF_8).replace("2026-01-01", "2027-01-01");
        lines.set(5, altered.getBytes(StandardCharsets.UTF_8));

        assertThat(verdictOn(lines))
                .isEqualTo(new Verdict(1000, 1000, 0, 0, 1, 0, List.of("line 6 differs from event 5")));
    }

    @Test
    void finds_a_line_that_was_cut_off() {
        List<byte[]> lines = allEvents();
        lines.set(5, java.util.Arrays.copyOf(lines.get(5), 60));

        assertThat(verdictOn(lines).altered()).isEqualTo(1);
    }

    @Test
    void finds_a_line_that_is_no_event() {
        List<byte[]> lines = allEvents();
        lines.add(0, "{\"something\":\"else\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(verdictOn(lines))
                .isEqualTo(new Verdict(1000, 1001, 0, 0, 1, 0, List.of("line 1 is none of the events")));
    }

    @Test
    void finds_an_event_of_another_seed() {
        List<byte[]> lines = allEvents();
        lines.add(new UserEvents(8).event(0).value().array());

        assertThat(verdictOn(lines).altered()).isEqualTo(1);
    }

    @Test
    void finds_an_event_behind_those_that_were_produced() {
        List<byte[]> lines = allEvents();
        lines.add(new UserEvents(SEED).event(EVENTS).value().array());

        assertThat(verdictOn(lines).altered()).isEqualTo(1);
    }

    @Test
    void finds_events_of_a_key_out_of_order() {
        List<byte[]> lines = allEvents();
        int later = laterOfSameKey(0);
        Collections.swap(lines, 0, later);

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.reordered()).isPositive();
        assertThat(verdict.lost() + verdict.duplicated() + verdict.altered()).isZero();
        assertThat(verdict.holds()).isFalse();
    }

    @Test
    void finds_a_store_that_appended_and_then_failed_to_commit() {
        List<byte[]> lines = new ArrayList<>(allEvents().subList(0, 300));
        lines.addAll(allEvents().subList(200, EVENTS));

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.duplicated()).isEqualTo(100);
        assertThat(verdict.lost()).isZero();
    }

    @Test
    void finds_a_store_that_was_renamed_over() {
        Verdict verdict = verdictOn(allEvents().subList(400, EVENTS));

        assertThat(verdict.lost()).isEqualTo(400);
    }

    @Test
    void finds_a_store_that_committed_before_it_synced() {
        List<byte[]> lines = allEvents();
        lines.subList(500, 600).clear();

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.lost()).isEqualTo(100);
        assertThat(verdict.duplicated()).isZero();
    }

    @Test
    void finds_a_store_that_dropped_as_much_as_it_doubled() {
        List<byte[]> lines = allEvents();
        lines.set(10, lines.get(9));

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.stored()).isEqualTo(1000);
        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.duplicated()).isEqualTo(1);
    }

    @Test
    void keeps_five_examples() {
        List<byte[]> lines = allEvents();
        lines.addAll(allEvents());

        assertThat(verdictOn(lines).examples()).hasSize(5);
    }

    @Test
    void says_in_its_checks_what_holds_and_what_does_not() {
        List<byte[]> lines = allEvents();
        lines.remove(17);

        assertThat(verdictOn(lines).checks())
                .containsExactly(
                        new Check("nothing lost", false, "1 of 1,000 events missing: event 17 is not stored"),
                        new Check("nothing duplicated", true, "0 of 1,000 events more than once"),
                        new Check("nothing altered", true, "0 of 1,000 events different"),
                        new Check("order kept for each key", true, "0 of 1,000 events out of order"));
    }
}
