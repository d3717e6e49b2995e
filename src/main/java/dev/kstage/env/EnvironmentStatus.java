package dev.kstage.env;

import dev.kstage.profile.Directories;
import java.util.List;
import java.util.Optional;

/**
 * An environment and what of it runs now.
 *
 * @param runningNodes the ids of its brokers that run
 */
public record EnvironmentStatus(Environment environment, EnvironmentDirectory directory, List<Integer> runningNodes) {
    /** Every environment that exists, by name. */
    public static List<EnvironmentStatus> all(Directories directories) {
        return EnvironmentDirectory.all(directories).stream()
                .flatMap(directory -> of(directory).stream())
                .toList();
    }

    /** Nothing if it was removed since it was listed. */
    private static Optional<EnvironmentStatus> of(EnvironmentDirectory directory) {
        return Optional.ofNullable(Environment.read(directory))
                .map(environment -> new EnvironmentStatus(
                        environment,
                        directory,
                        List.copyOf(
                                BrokerLauncher.running(directory, environment).keySet())));
    }

    /** {@code running}, {@code stopped}, or how many of its brokers run. */
    public String state() {
        int all = environment.nodes().size();
        int running = runningNodes.size();
        return running == all ? "running" : running == 0 ? "stopped" : running + " of " + all + " running";
    }
}
