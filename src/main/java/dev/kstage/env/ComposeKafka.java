package dev.kstage.env;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Kafka in containers, with additional services, managed by any compose tool. */
public final class ComposeKafka {
    /** The name of this engine in reports. */
    public static final String ENGINE = "compose";

    private static final String PORT_VARIABLE = "KSTAGE_KAFKA_PORT";
    // Variables with which a user chooses an image or a port.
    private static final Pattern CHOICE = Pattern.compile("KSTAGE_\\w+_(IMAGE|PORT)");

    /** Receives the progress of a start. */
    public interface Watch {
        /** The compose tool, with its version. */
        void uses(String tool);

        /** The current state of the containers; those not created yet are missing in {@code states}. */
        void looked(ComposeStack stack, List<ServiceState> states);

        /** What the start waits for after all containers are healthy. */
        void waitsFor(String what);

        /** The last lines of the log of something that failed. */
        void log(String whose, List<String> lines);

        /** Whether the start should be cancelled. */
        boolean isInterrupted();
    }

    /**
     * What to start.
     *
     * @param variant which Kafka; empty for the previous one, else the current one
     * @param with additional services; empty for the previous ones, else none
     * @param port of Kafka on this machine; 0 for a free one; empty for the previous one, else the default
     * @param limit how long to wait until the containers are healthy and Kafka responds
     */
    public record Request(
            Optional<ComposeStack.Variant> variant,
            Optional<SortedSet<ComposeStack.Extra>> with,
            OptionalInt port,
            Duration limit) {}

    private final XdgDirectories directories;
    private final EnvironmentDirectory directory;
    private final Map<String, String> environment;
    private final EmbeddedKafka.Readiness readiness;

    /** @param environment the environment variables, which choose a tool, images and ports */
    public ComposeKafka(
            XdgDirectories directories,
            String name,
            Map<String, String> environment,
            EmbeddedKafka.Readiness readiness) {
        this.directories = directories;
        this.directory = EnvironmentDirectory.of(directories, name);
        this.environment = environment;
        this.readiness = readiness;
    }

    /** An environment that is only inspected; it is not checked whether Kafka responds. */
    ComposeKafka(XdgDirectories directories, String name, Map<String, String> environment) {
        this(directories, name, environment, (profile, brokers, limit, giveUp) -> false);
    }

    /**
     * Creates, changes or starts the containers as requested, and returns when all are healthy and Kafka responds.
     *
     * @throws Failure if that fails, or the user interrupts it
     */
    public EmbeddedKafka.Running up(Request request, Watch watch) {
        try {
            return start(request, watch);
        } catch (Failure e) {
            // A signal to this process usually ends the compose tool too, whose message does not matter then.
            throw watch.isInterrupted() ? interrupted(e) : e;
        }
    }

    private Failure interrupted(Failure e) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "environment " + directory.name() + " is not up",
                "the start was interrupted; the containers stay as they are",
                "`kstage env up --name " + directory.name() + "` continues, `kstage env down --name " + directory.name()
                        + "` stops the containers and keeps the data",
                e);
    }

    private EmbeddedKafka.Running start(Request request, Watch watch) {
        long start = System.nanoTime();
        try (FileChannel lock = directory.lock()) {
            Environment before = Environment.read(directory);
            ComposeStack stack = wanted(before, request);
            ComposeTool tool = ComposeTool.find(environment);
            watch.uses(tool.title());
            writeFiles(stack);
            Compose compose = compose(tool, stack, port(before, request));
            List<ServiceState> states = compose.states();
            Environment wanted = environment(compose);
            refuseOtherPort(before, wanted, states);
            requirePorts(compose, states);
            boolean wasReady = ComposeStart.areReady(stack, states);
            boolean wasRunning = wasReady && isAsBefore(before, wanted, compose);
            if (!wasRunning) {
                wanted.write(directory);
                wasRunning = new ComposeStart(compose, directory, watch).run(request.limit()) && wasReady;
            }
            watch.waitsFor("Kafka to respond at " + wanted.bootstrapServers());
            awaitAnswer(wanted, request.limit());
            return new EmbeddedKafka.Running(
                    wanted, directory, wasRunning, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot start environment " + directory.name(), e);
        }
    }

    /** Whether the request equals the current state, so that nothing has to be recreated. */
    private boolean isAsBefore(@Nullable Environment before, Environment wanted, Compose compose) {
        return wanted.equals(before)
                && environment.keySet().stream()
                        .noneMatch(each -> CHOICE.matcher(each).matches())
                && compose.withEverything().states().size()
                        == compose.stack().services().size();
    }

    private ComposeStack wanted(@Nullable Environment before, Request request) {
        if (before == null) {
            return ComposeStack.of(
                    directory,
                    request.variant().orElse(ComposeStack.Variant.KRAFT),
                    request.with().orElseGet(TreeSet::new));
        }
        ComposeStack stack = before.stack();
        if (stack == null) {
            throw directory.refused("it was created with --engine " + before.engine());
        }
        if (request.variant().isPresent() && request.variant().get() != stack.variant()) {
            throw directory.refused("it was created with --variant " + stack.variant());
        }
        return request.with().map(stack::with).orElse(stack);
    }

    private static int port(@Nullable Environment before, Request request) {
        int had = before == null
                ? EmbeddedKafka.DEFAULT_PORT
                : before.nodes().get(0).port();
        int port = request.port().orElse(had);
        return port != 0 ? port : before == null ? Ports.free(1).get(0) : had;
    }

    private void refuseOtherPort(@Nullable Environment before, Environment wanted, List<ServiceState> states) {
        if (before != null
                && !before.nodes().equals(wanted.nodes())
                && states.stream().anyMatch(ServiceState::isRunning)) {
            throw directory.refused("it runs on port " + before.nodes().get(0).port());
        }
    }

    private void writeFiles(ComposeStack stack) throws IOException {
        ComposeFiles.write(directory.compose());
        if (stack.with().contains(ComposeStack.Extra.AIRFLOW)) {
            ComposeFiles.addJar(directory.compose());
        }
    }

    private Compose compose(ComposeTool tool, ComposeStack stack, int port) {
        return new Compose(tool, stack, directory.compose(), Map.of(PORT_VARIABLE, String.valueOf(port)));
    }

    private Environment environment(Compose compose) {
        int port = Integer.parseInt(compose.variables().getOrDefault(PORT_VARIABLE, ""));
        return new Environment(
                directory.name(), ENGINE, "", List.of(new Environment.Node(1, port, 0, 0)), compose.stack());
    }

    /** With an occupied port, the container would be created but not start, with a worse message. */
    private void requirePorts(Compose compose, List<ServiceState> states) {
        Predicate<String> runs =
                service -> states.stream().anyMatch(state -> state.service().equals(service) && state.isRunning());
        if (!runs.test(ComposeStack.KAFKA)) {
            Ports.requireFree(Integer.parseInt(compose.variables().getOrDefault(PORT_VARIABLE, "")), Ports.OTHER_PORT);
        }
        for (ComposeStack.Extra extra : compose.stack().with()) {
            String variable = extra.portVariable();
            int port = number(extra.port(environment), variable);
            if (!runs.test(extra.toString())) {
                Ports.requireFree(port, "stop that program, or set another port with " + variable);
            }
        }
    }

    private static int number(String port, String variable) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "\"" + port + "\" is not a port",
                    variable + " has this value",
                    "set the variable to a number up to 65535, or unset it");
        }
        return Integer.parseInt(port);
    }

    private void awaitAnswer(Environment wanted, Duration limit) {
        if (!readiness.await(wanted.profile(), 1, limit, () -> false)) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "environment " + directory.name() + " is up, but Kafka does not respond",
                    "the container is healthy, but nothing responds at " + wanted.bootstrapServers() + " within "
                            + Text.duration(limit),
                    "read `kstage env logs --name " + directory.name() + "`; check that the containers run on this"
                            + " machine, because DOCKER_HOST may name another one");
        }
    }

    /**
     * Stops and removes the containers; the volumes with the data stay.
     *
     * @param delete whether to remove the volumes and everything else too
     * @return the number of containers that ran, or -1 if there is no such environment
     */
    public int down(boolean delete) {
        if (Environment.read(directory) == null) {
            return -1;
        }
        try (FileChannel lock = directory.lock()) {
            // A former additional service still has a volume, and perhaps a container.
            Compose compose = existing().withEverything();
            int running = (int)
                    compose.states().stream().filter(ServiceState::isRunning).count();
            compose.down(delete);
            CurrentProfile.clear(directories, directory.profileFile());
            if (delete) {
                directory.delete();
            }
            return running;
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot stop environment " + directory.name(), e);
        }
    }

    /** The tool and the stack of an existing environment. */
    Compose existing() throws IOException {
        Environment there = Environment.read(directory);
        ComposeStack stack = there == null ? null : there.stack();
        if (there == null || stack == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "environment " + directory.name() + " has no containers",
                    "no environment of that name was started with --engine " + ENGINE,
                    "`kstage env status` shows all environments");
        }
        if (!Files.exists(directory.compose())) {
            ComposeFiles.write(directory.compose());
        }
        return compose(
                ComposeTool.find(environment), stack, there.nodes().get(0).port());
    }
}
