package dev.kstage.env;

import dev.kstage.profile.Directories;
import java.util.List;

/**
 * An environment and what of it runs now.
 *
 * @param runningNodes the ids of its brokers that run
 */
public record EnvironmentStatus(Environment environment, EnvironmentDirectory directory, List<Integer> runningNodes) {
    /** Every environment that exists, by name. */
    public static List<EnvironmentStatus> all(Directories directories) {
        return EnvironmentDirectory.all(directories).stream()
                .map(EnvironmentStatus::of)
                .toList();
    }

    private static EnvironmentStatus of(EnvironmentDirectory directory) {
        Environment environment =
                java.util.Objects.requireNonNull(Environment.read(directory), "listed, so it is there");
        List<Integer> running = BrokerLauncher.running(directory, environment).keySet().stream()
                .sorted()
                .toList();
        return new EnvironmentStatus(environment, directory, running);
    }

    /** {@code running}, {@code stopped}, or how many of its brokers run. */
    public String state() {
        int all = environment.nodes().size();
        int running = runningNodes.size();
        return running == all ? "running" : running == 0 ? "stopped" : running + " of " + all + " running";
    }
}
