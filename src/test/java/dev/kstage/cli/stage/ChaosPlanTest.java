package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.cli.stage.Fault.Kind;
import dev.kstage.cli.stage.Fault.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChaosPlanTest {
    private static final Duration SESSION = Duration.ofSeconds(6);

    @Test
    void the_same_seed_gives_the_same_plan_and_another_seed_another() {
        ChaosPlan plan = ChaosPlan.of(7, 20, SESSION);

        assertThat(ChaosPlan.of(7, 20, SESSION)).isEqualTo(plan);
        assertThat(ChaosPlan.of(8, 20, SESSION)).isNotEqualTo(plan);
    }

    @Test
    void fewer_rounds_are_the_first_of_more() {
        assertThat(ChaosPlan.of(7, 3, SESSION).rounds())
                .isEqualTo(ChaosPlan.of(7, 20, SESSION).rounds().subList(0, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void every_kind_of_disturbance_has_its_turn_within_two_rounds(long seed) {
        List<Kind> kinds = ChaosPlan.of(seed, 2, SESSION).rounds().stream()
                .flatMap(round -> round.disturbances().stream())
                .map(Fault::kind)
                .toList();

        assertThat(kinds).contains(Kind.values());
    }

    @Test
    void both_stages_are_killed_in_every_round_and_each_target_gets_its_own() {
        assertThat(ChaosPlan.of(7, 20, SESSION).rounds()).allSatisfy(round -> {
            assertThat(round.of(Target.PRODUCER)).extracting(Fault::kind).contains(Kind.KILL_PRODUCER);
            assertThat(round.of(Target.CONSUMER)).extracting(Fault::kind).contains(Kind.KILL_CONSUMER);
            assertThat(round.of(Target.PRODUCER).size()
                            + round.of(Target.CONSUMER).size()
                            + round.of(Target.BROKER).size())
                    .isEqualTo(round.disturbances().size());
        });
    }

    @Test
    void a_consumer_is_stopped_for_longer_than_its_session_lasts() {
        assertThat(ChaosPlan.of(7, 20, SESSION).rounds())
                .flatExtracting(ChaosPlan.Round::disturbances)
                .filteredOn(each -> each.kind() == Kind.PAUSE_CONSUMER)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.time()).isGreaterThan(SESSION));
    }
}
