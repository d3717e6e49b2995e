package dev.kstage.cli.stage;

import java.util.List;

/**
 * What {@code smoke --chaos} should do.
 *
 * @param rounds number of rounds
 * @param seed of the plan
 * @param count events per round
 * @param partitions of each topic
 * @param kinds kinds of destination, one per round in turn, as given on the command line
 */
record ChaosRequest(int rounds, long seed, int count, int partitions, List<String> kinds) {}
