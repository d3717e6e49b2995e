package dev.kstage.env;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An environment and its current state.
 *
 * @param runningNodes the ids of its brokers that run as processes of this machine
 * @param state {@code running}, {@code stopped}, how many brokers run or containers are healthy, or {@code unknown}
 *     with the reason
 */
public record EnvironmentStatus(
        Environment environment, EnvironmentDirectory directory, List<Integer> runningNodes, String state) {
    /**
     * All environments, by name.
     *
     * @param variables the environment variables
     */
    public static List<EnvironmentStatus> all(XdgDirectories directories, Map<String, String> variables) {
        return EnvironmentDirectory.all(directories).stream()
                .flatMap(directory -> of(directories, directory, variables).stream())
                .toList();
    }

    /**
     * The environment of this name, if it exists.
     *
     * @param variables the environment variables
     * @throws Failure if the name is not valid
     */
    public static Optional<EnvironmentStatus> named(
            XdgDirectories directories, String name, Map<String, String> variables) {
        return of(directories, EnvironmentDirectory.of(directories, name), variables);
    }

    /** Empty if the environment was deleted after it was listed. */
    private static Optional<EnvironmentStatus> of(
            XdgDirectories directories, EnvironmentDirectory directory, Map<String, String> variables) {
        return Optional.ofNullable(Environment.read(directory)).map(environment -> {
            if (environment.stack() != null) {
                return new EnvironmentStatus(
                        environment, directory, List.of(), ofContainers(directories, environment, variables));
            }
            List<Integer> running =
                    List.copyOf(BrokerLauncher.running(directory, environment).keySet());
            return new EnvironmentStatus(
                    environment,
                    directory,
                    running,
                    running.isEmpty()
                            ? "stopped"
                            : someOf(running.size(), environment.nodes().size()));
        });
    }

    private static String ofContainers(
            XdgDirectories directories, Environment environment, Map<String, String> variables) {
        try {
            Compose compose = new ComposeKafka(directories, environment.name(), variables).existing();
            List<ServiceState> states = compose.states();
            int ready = (int) states.stream().filter(ServiceState::isReady).count();
            return states.stream().anyMatch(ServiceState::isRunning)
                    ? someOf(ready, compose.stack().services().size())
                    : "stopped";
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        } catch (Failure e) {
            return "unknown: " + e.why();
        }
    }

    private static String someOf(int running, int all) {
        return running == all ? "running" : running + " of " + all + " running";
    }
}
