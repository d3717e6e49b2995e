package dev.kstage.cli.stage;

import java.util.List;

/**
 * What a smoke test under disturbance is to do.
 *
 * @param rounds how many
 * @param seed of the plan
 * @param count events in each round
 * @param partitions of each topic
 * @param places the kinds of place, one a round in turn, in the words of the command line
 */
record ChaosRequest(int rounds, long seed, int count, int partitions, List<String> places) {}
