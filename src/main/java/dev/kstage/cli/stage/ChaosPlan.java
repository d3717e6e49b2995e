package dev.kstage.cli.stage;

import dev.kstage.cli.stage.Fault.Kind;
import dev.kstage.cli.stage.Fault.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * The faults of each round. The same seed gives the same plan. How far a stage is when a fault hits it depends on the
 * machine.
 *
 * @param rounds one after the other
 */
record ChaosPlan(List<Round> rounds) {
    private static final int FEWEST_KILLS = 2;
    private static final int SPECIALS_A_ROUND = 3;
    private static final List<Kind> SPECIALS = List.of(
            Kind.PAUSE_PRODUCER, Kind.SECOND_PRODUCER, Kind.PAUSE_CONSUMER, Kind.JOIN_CONSUMER, Kind.KILL_BROKER);

    /**
     * One round.
     *
     * @param eventSeed the seed of its events
     * @param namesWorkers whether a restarted worker keeps its group instance id
     * @param disturbances the faults of each target, in order
     */
    record Round(long eventSeed, boolean namesWorkers, List<Fault> disturbances) {
        /** The faults of one target. */
        List<Fault> of(Target target) {
            return disturbances.stream()
                    .filter(each -> each.kind().target() == target)
                    .toList();
        }
    }

    /** @param session the session timeout of the group; a pause lasts longer */
    static ChaosPlan of(long seed, int rounds, Duration session) {
        Random random = new Random(seed);
        Deque<Kind> deck = new ArrayDeque<>();
        List<Round> planned = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            List<Kind> kinds = new ArrayList<>();
            add(kinds, Kind.KILL_PRODUCER, FEWEST_KILLS + random.nextInt(3));
            add(kinds, Kind.KILL_CONSUMER, FEWEST_KILLS + random.nextInt(3));
            // Drawn like cards from a deck, so that every kind occurs within two rounds.
            while (deck.size() < SPECIALS_A_ROUND) {
                List<Kind> shuffled = new ArrayList<>(SPECIALS);
                Collections.shuffle(shuffled, random);
                deck.addAll(shuffled);
            }
            for (int special = 0; special < SPECIALS_A_ROUND; special++) {
                kinds.add(deck.remove());
            }
            Collections.shuffle(kinds, random);
            List<Fault> disturbances = kinds.stream()
                    .map(kind -> disturbance(kind, session, random))
                    .toList();
            planned.add(new Round(random.nextInt(1_000_000), random.nextBoolean(), disturbances));
        }
        return new ChaosPlan(List.copyOf(planned));
    }

    private static void add(List<Kind> kinds, Kind kind, int times) {
        kinds.addAll(Collections.nCopies(times, kind));
    }

    private static Fault disturbance(Kind kind, Duration session, Random random) {
        int after = kind == Kind.KILL_BROKER ? 1_000 + random.nextInt(2_000) : 150 + random.nextInt(1_200);
        Duration time =
                switch (kind) {
                    case PAUSE_CONSUMER -> session.plusMillis(500 + random.nextInt(1_000));
                    case PAUSE_PRODUCER -> Duration.ofMillis(1_000 + random.nextInt(1_500));
                    case KILL_BROKER -> Duration.ofMillis(random.nextInt(1_000));
                    default -> Duration.ZERO;
                };
        return new Fault(kind, Duration.ofMillis(after), time, random.nextInt(1_000));
    }
}
