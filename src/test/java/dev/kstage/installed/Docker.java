package dev.kstage.installed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The container engine of this machine, for tests that are skipped, with the reason, where none answers. */
public final class Docker {
    /** The Kafka that the compose files have. */
    public static final String KAFKA_IMAGE = "apache/kafka:4.3.1";

    private static final long LIMIT_SECONDS = 180;

    private Docker() {}

    /** What a program wrote to both its streams, and its exit code. */
    private record VerdictText(int code, String output) {
        String lastLine() {
            return output.strip().lines().reduce((first, second) -> second).orElse("it says nothing");
        }
    }

    /** Asked once for all tests. */
    private static final class Engine {
        static final VerdictText VERSION = run("docker", "version", "--format", "{{.Server.Version}}");
    }

    /** Skips the test where Docker does not answer. */
    public static void require() {
        Assumptions.assumeTrue(
                Engine.VERSION.code() == 0, () -> "Docker does not answer: " + Engine.VERSION.lastLine());
    }

    /** Skips the test where this compose tool is not there, as {@code docker compose} or {@code docker-compose}. */
    public static void requireCompose(String tool) {
        require();
        VerdictText version = run((tool + " version").split(" ", -1));
        Assumptions.assumeTrue(version.code() == 0, () -> "there is no " + tool + ": " + version.lastLine());
    }

    /** An installation that finds the engine and the compose tools as this process does. */
    public static Installation installation(Path home) {
        Map<String, String> environment = System.getenv();
        String config = environment.getOrDefault("DOCKER_CONFIG", System.getProperty("user.home") + "/.docker");
        // By its tag: an engine without a network may have another build of it, which has another digest.
        // As a process: compose inherits its environment.
        Installation installation =
                Installation.in(home).asProcess().with("DOCKER_CONFIG", config).with("KSTAGE_KAFKA_IMAGE", KAFKA_IMAGE);
        for (String variable : List.of("DOCKER_HOST", "DOCKER_BUILDKIT")) {
            String value = environment.get(variable);
            installation = value == null ? installation : installation.with(variable, value);
        }
        return installation;
    }

    /**
     * Runs a script in a container on a network, in which {@code kstage} is a command, and gives what it wrote to
     * both its streams.
     */
    public static String inContainer(String network, String script) {
        List<String> command = new ArrayList<>(List.of("docker", "run", "--rm", "--network", network));
        for (String unused : List.of("/etc/kafka/secrets", "/mnt/shared/config", "/var/lib/kafka/data")) {
            command.addAll(List.of("--tmpfs", unused));
        }
        command.addAll(List.of("--volume", Installation.jar() + ":/kstage.jar:ro", "--workdir", "/tmp"));
        command.addAll(List.of("--entrypoint", "bash", KAFKA_IMAGE, "-c"));
        command.add("kstage() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar /kstage.jar \"$@\"; }\nset -e\n"
                + script);
        VerdictText said = run(command.toArray(String[]::new));
        if (said.code() != 0) {
            throw new AssertionError("code " + said.code() + " in a container on " + network + ": " + said.output());
        }
        return said.output();
    }

    /** Stops every container of a compose project where it stands. */
    public static void kill(String project) {
        String label = "label=com.docker.compose.project=" + project;
        for (String container : run("docker", "ps", "--quiet", "--filter", label)
                .output()
                .lines()
                .toList()) {
            run("docker", "kill", container);
        }
    }

    /** The names of the volumes of a compose project. */
    public static List<String> volumes(String project) {
        return run("docker", "volume", "ls", "--quiet", "--filter", "label=com.docker.compose.project=" + project)
                .output()
                .lines()
                .toList();
    }

    private static VerdictText run(String... command) {
        try {
            Path output = Files.createTempFile("kstage-docker", ".out");
            Process process = new ProcessBuilder(Arrays.asList(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(output);
            Files.delete(output);
            return ended ? new VerdictText(process.exitValue(), said) : new VerdictText(-1, said + "\nno end in sight");
        } catch (IOException e) {
            return new VerdictText(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
