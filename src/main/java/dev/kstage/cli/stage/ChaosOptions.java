package dev.kstage.cli.stage;

import dev.kstage.report.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code smoke --chaos}. */
final class ChaosOptions {
    private static final int COUNT = 20_000;
    private static final int ROUNDS = 5;

    @Option(
            names = "--chaos",
            description = "Kill (-9), pause and resume the stages at random, start them twice, and kill the broker"
                    + " too if it is the temporary one.")
    boolean chaos;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Number of rounds of --chaos (default: " + ROUNDS + ").")
    @Nullable
    Integer rounds;

    @Option(
            names = "--to",
            paramLabel = "KIND",
            split = ",",
            description = "Destinations of the rounds of --chaos, in turn: file, directory, sqlite, topic, or the"
                    + " postgresql: URL of a database. Default: all but PostgreSQL.")
    List<String> kinds = List.of();

    /**
     * The request.
     *
     * @param seed of the plan
     * @param count events per round, or null for the default
     */
    ChaosRequest request(long seed, @Nullable Integer count, int partitions) {
        return new ChaosRequest(
                rounds == null ? ROUNDS : rounds, seed, count == null ? COUNT : count, partitions, kinds);
    }

    /** @throws Failure if the options contradict each other */
    void check() {
        if (!chaos && (rounds != null || !kinds.isEmpty())) {
            throw new Failure(
                    Failure.Kind.USAGE, "cannot use --rounds or --to", "these options need --chaos", "add --chaos");
        }
        if (rounds != null && rounds < 1) {
            throw new Failure(Failure.Kind.USAGE, "cannot use --rounds", "it is below 1", "use a number of at least 1");
        }
    }
}
