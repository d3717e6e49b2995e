package dev.kstage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.report.Check;
import dev.kstage.source.template.EventTemplate;
import dev.kstage.source.template.UserEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int EVENTS = 1_000;
    private static final long SEED = 7;

    /** What a good store holds. */
    private static List<byte[]> allEvents() {
        EventTemplate template = new UserEvents(SEED);
        List<byte[]> lines = new ArrayList<>();
        for (int index = 0; index < EVENTS; index++) {
            lines.add(template.event(index).value().array());
        }
        return lines;
    }

    private static Verdict verdictOn(List<byte[]> lines) {
        Comparison comparison = comparison();
        add(comparison, lines);
        return comparison.verdict(0);
    }

    private static Comparison comparison() {
        return new Comparison(new GeneratedEvents(new UserEvents(SEED), EVENTS));
    }

    private static void add(Comparison comparison, List<byte[]> lines) {
        for (int at = 0; at < lines.size(); at++) {
            comparison.add(new StoredRow(Record.UNSET, "line", at + 1, Bytes.of(lines.get(at))));
        }
    }

    private static byte[] event(int index) {
        return new UserEvents(SEED).event(index).value().array();
    }

    private static Record letter(int index) {
        EventTemplate.Event event = new UserEvents(SEED).event(index);
        return new Record(0, 1, Record.UNSET, event.key(), event.value(), List.of());
    }

    private static Record letter(String key, byte @Nullable [] value) {
        return new Record(0, 1, Record.UNSET, Bytes.of(key), value == null ? null : Bytes.of(value), List.of());
    }

    /** The index of another event with the key of event {@code index}, later than it. */
    private static int laterOfSameKey(int index) {
        EventTemplate template = new UserEvents(SEED);
        Object key = template.event(index).key();
        int later = index + 1;
        while (!template.event(later).key().equals(key)) {
            later++;
        }
        return later;
    }

    @Test
    void finds_a_good_store_good() {
        assertThat(VerdictText.of(verdictOn(allEvents()))).isEqualTo("1000 of 1000 stored");
    }

    @Test
    void holds_for_a_good_store_alone() {
        assertThat(verdictOn(allEvents()).holds()).isTrue();
        assertThat(verdictOn(List.of()).holds()).isFalse();
    }

    @Test
    void lets_events_of_different_keys_change_order() {
        List<byte[]> lines = allEvents();
        Collections.swap(lines, 0, 1);

        assertThat(verdictOn(lines).holds()).isTrue();
    }

    @Test
    void finds_a_lost_event() {
        List<byte[]> lines = allEvents();
        lines.remove(17);

        assertThat(VerdictText.of(verdictOn(lines))).isEqualTo("999 of 1000 stored\n1 lost: event 17 is not stored");
    }

    @Test
    void finds_everything_lost_in_an_empty_store() {
        assertThat(VerdictText.of(verdictOn(List.of())))
                .isEqualTo("0 of 1000 stored\n1000 lost: event 0 is not stored");
    }

    @Test
    void finds_a_duplicated_event() {
        List<byte[]> lines = allEvents();
        lines.add(lines.get(3));

        assertThat(VerdictText.of(verdictOn(lines)))
                .isEqualTo("1001 of 1000 stored\n1 duplicated: line 1001 is event 3 a second time");
    }

    @Test
    void counts_every_copy_beyond_the_first() {
        List<byte[]> lines = allEvents();
        lines.add(lines.get(3));
        lines.add(lines.get(3));

        assertThat(verdictOn(lines).count(Finding.DUPLICATED)).isEqualTo(2);
    }

    @Test
    void finds_an_altered_event() {
        List<byte[]> lines = allEvents();
        String altered = new String(lines.get(5), StandardCharsets.UTF_8).replace("2026-01-01", "2027-01-01");
        lines.set(5, altered.getBytes(StandardCharsets.UTF_8));

        assertThat(VerdictText.of(verdictOn(lines)))
                .isEqualTo("1000 of 1000 stored\n1 mismatched: line 6 differs from event 5");
    }

    @Test
    void finds_a_line_that_was_cut_off() {
        List<byte[]> lines = allEvents();
        lines.set(5, Arrays.copyOf(lines.get(5), 60));

        assertThat(verdictOn(lines).count(Finding.MISMATCHED)).isEqualTo(1);
    }

    @Test
    void finds_a_line_that_is_no_event() {
        List<byte[]> lines = allEvents();
        lines.add(0, "{\"something\":\"else\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(VerdictText.of(verdictOn(lines)))
                .isEqualTo("1001 of 1000 stored\n1 foreign: line 1 is no event of the run");
    }

    @Test
    void finds_an_event_of_another_seed() {
        List<byte[]> lines = allEvents();
        lines.add(new UserEvents(8).event(0).value().array());

        assertThat(verdictOn(lines).count(Finding.FOREIGN)).isEqualTo(1);
    }

    @Test
    void finds_an_event_behind_those_that_were_produced() {
        List<byte[]> lines = allEvents();
        lines.add(new UserEvents(SEED).event(EVENTS).value().array());

        assertThat(verdictOn(lines).count(Finding.FOREIGN)).isEqualTo(1);
    }

    @Test
    void finds_events_of_a_key_out_of_order() {
        List<byte[]> lines = allEvents();
        int later = laterOfSameKey(0);
        Collections.swap(lines, 0, later);

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.count(Finding.REORDERED)).isPositive();
        assertThat(verdict.count(Finding.LOST) + verdict.count(Finding.DUPLICATED) + verdict.count(Finding.MISMATCHED))
                .isZero();
        assertThat(verdict.holds()).isFalse();
    }

    @Test
    void finds_a_store_that_appended_and_then_failed_to_commit() {
        List<byte[]> lines = new ArrayList<>(allEvents().subList(0, 300));
        lines.addAll(allEvents().subList(200, EVENTS));

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.count(Finding.DUPLICATED)).isEqualTo(100);
        assertThat(verdict.count(Finding.LOST)).isZero();
    }

    @Test
    void finds_a_store_that_was_renamed_over() {
        Verdict verdict = verdictOn(allEvents().subList(400, EVENTS));

        assertThat(verdict.count(Finding.LOST)).isEqualTo(400);
    }

    @Test
    void finds_a_store_that_committed_before_it_synced() {
        List<byte[]> lines = allEvents();
        lines.subList(500, 600).clear();

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.count(Finding.LOST)).isEqualTo(100);
        assertThat(verdict.count(Finding.DUPLICATED)).isZero();
    }

    @Test
    void finds_a_store_that_dropped_as_much_as_it_doubled() {
        List<byte[]> lines = allEvents();
        lines.set(10, lines.get(9));

        Verdict verdict = verdictOn(lines);

        assertThat(verdict.stored()).isEqualTo(1000);
        assertThat(verdict.count(Finding.LOST)).isEqualTo(1);
        assertThat(verdict.count(Finding.DUPLICATED)).isEqualTo(1);
    }

    @Test
    void does_not_miss_what_is_a_dead_letter() {
        Comparison comparison = comparison();
        add(comparison, allEvents().subList(1, EVENTS));
        comparison.addDeadLetter(letter(0), "letter 1");

        assertThat(VerdictText.of(comparison.verdict(0))).isEqualTo("999 of 1000 stored, 1 dead-lettered");
    }

    @Test
    void finds_a_dead_letter_that_is_no_event() {
        Comparison comparison = comparison();
        add(comparison, allEvents());
        comparison.addDeadLetter(letter("u1", null), "letter 1");
        comparison.addDeadLetter(letter("u1", new byte[] {1, 2, 3}), "letter 2");

        assertThat(VerdictText.of(comparison.verdict(0)))
                .isEqualTo("1000 of 1000 stored\n2 foreign: letter 1 is no event of the run");
        assertThat(comparison.verdict(0).checks())
                .contains(new Check(
                        "nothing foreign",
                        false,
                        "2 foreign rows or dead-letter records: letter 1 is no event of the run"));
    }

    @Test
    void finds_a_dead_letter_that_is_not_as_it_was_sent() {
        Comparison comparison = comparison();
        add(comparison, allEvents().subList(3, EVENTS));
        comparison.addDeadLetter(letter(0), "letter 1");
        byte[] changed = event(1);
        changed[changed.length - 4]++;
        comparison.addDeadLetter(letter("u1", changed), "letter 2");
        comparison.addDeadLetter(letter("zz", event(2)), "letter 3");

        Verdict verdict = comparison.verdict(0);

        assertThat(verdict.count(Finding.MISMATCHED)).isEqualTo(2);
        assertThat(verdict.count(Finding.LOST)).isZero();
        assertThat(verdict.examples().get(Finding.MISMATCHED))
                .satisfiesExactly(
                        value -> assertThat(value).isEqualTo("letter 2 differs from event 1"),
                        key -> assertThat(key).startsWith("letter 3 has key \"zz\", and event 2 key \"u"));
    }

    @Test
    void finds_an_event_that_is_stored_and_a_dead_letter() {
        Comparison comparison = comparison();
        add(comparison, allEvents());
        comparison.addDeadLetter(letter(3), "letter 1");

        assertThat(VerdictText.of(comparison.verdict(0)))
                .isEqualTo("1000 of 1000 stored, 1 dead-lettered\n1 duplicated: letter 1 is event 3 a second time");
    }

    @Test
    void tells_what_is_lost_from_what_is_not_consumed_yet() {
        Comparison comparison = comparison();
        add(comparison, allEvents().subList(0, 900));
        for (int index = 850; index < EVENTS - 1; index++) {
            comparison.addNotConsumedYet(event(index));
        }
        comparison.reachIsKnown();

        Verdict verdict = comparison.verdict(0);

        assertThat(VerdictText.of(verdict))
                .isEqualTo("900 of 1000 stored\n1 lost: event 999 is not stored"
                        + "\n99 notConsumedYet: event 900 is not consumed yet");
        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.isReachKnown()).isTrue();
    }

    @Test
    void holds_but_is_not_complete_while_something_is_still_to_be_consumed() {
        Comparison comparison = comparison();
        add(comparison, allEvents().subList(0, EVENTS - 1));
        comparison.addNotConsumedYet(event(EVENTS - 1));

        Verdict verdict = comparison.verdict(0);

        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.isComplete()).isFalse();
    }

    @Test
    void does_not_miss_as_many_as_were_never_acknowledged() {
        Comparison comparison = comparison();
        add(comparison, allEvents().subList(0, EVENTS - 3));

        assertThat(comparison.verdict(3).holds()).isTrue();
        assertThat(comparison.verdict(3).unacknowledged()).isEqualTo(3);
        assertThat(comparison.verdict(2).count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void takes_what_others_sent_for_no_fault_where_they_may_be_there() {
        Comparison comparison = new Comparison(new GeneratedEvents(new UserEvents(SEED), EVENTS), true);
        add(comparison, allEvents());
        add(comparison, List.of(new UserEvents(8).event(0).value().array()));
        comparison.addDeadLetter(letter("u1", new byte[] {1, 2, 3}), "letter 1");

        Verdict verdict = comparison.verdict(0);

        assertThat(VerdictText.of(verdict)).isEqualTo("1000 of 1000 stored");
        assertThat(verdict.others()).isEqualTo(2);
    }

    @Test
    void finds_a_row_without_a_value() {
        Comparison comparison = comparison();
        add(comparison, allEvents());
        comparison.add(new StoredRow(0, "partition 0, offset", 7, null));

        assertThat(VerdictText.of(comparison.verdict(0)))
                .isEqualTo("1001 of 1000 stored\n1 foreign: partition 0, offset 7 is no event of the run");
    }

    @Test
    void keeps_five_examples() {
        List<byte[]> lines = allEvents();
        lines.addAll(allEvents());

        assertThat(verdictOn(lines).examples()).containsOnlyKeys(Finding.DUPLICATED);
        assertThat(verdictOn(lines).examples().get(Finding.DUPLICATED)).hasSize(5);
    }

    @Test
    void says_in_its_checks_what_holds_and_what_does_not() {
        List<byte[]> lines = allEvents();
        lines.remove(17);

        assertThat(verdictOn(lines).checks())
                .containsExactly(
                        new Check("nothing lost", false, "1 of 1,000 events missing: event 17 is not stored"),
                        new Check("nothing duplicated", true, "0 of 1,000 events more than once"),
                        new Check("nothing mismatched", true, "0 of 1,000 events different"),
                        new Check("order kept for each key", true, "0 of 1,000 events out of order"),
                        new Check("nothing foreign", true, "0 foreign rows or dead-letter records"));
    }
}
