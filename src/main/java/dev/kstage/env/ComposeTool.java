package dev.kstage.env;

import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program for compose files: {@code docker compose} 2, {@code docker-compose} (1.29, or 2 under that name), {@code
 * podman compose}, or {@code podman-compose} (1.1 or newer).
 *
 * @param command its command words
 * @param version as it prints it
 * @param dialect its command-line dialect
 */
record ComposeTool(List<String> command, String version, Dialect dialect) {
    /** Tools with different arguments. */
    enum Dialect {
        /** Docker compose 2 and newer. */
        SECOND,
        /** docker-compose 1.x, which lists services only as a table. */
        FIRST,
        /** Podman's own tool. */
        PODMAN;

        /** The arguments that list all containers. */
        List<String> ps() {
            return switch (this) {
                case SECOND -> List.of("ps", "--all", "--format", "json");
                case FIRST -> List.of("ps", "--all");
                case PODMAN -> List.of("ps", "--format", "json");
            };
        }

        /** The arguments that remove everything, also volumes and built images. */
        List<String> downWithVolumes() {
            return this == PODMAN ? List.of("down", "--volumes") : List.of("down", "--volumes", "--rmi", "local");
        }

        /** The options for a log without prefixes. */
        List<String> plainLogs() {
            return this == PODMAN ? List.of() : List.of("--no-color", "--no-log-prefix");
        }
    }

    /** The environment variable with which a user chooses a tool. */
    static final String CHOICE = "KSTAGE_COMPOSE";

    private static final List<String> KNOWN =
            List.of("docker compose", "docker-compose", "podman compose", "podman-compose");
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);
    // "Docker Compose version v2.26.1", "docker-compose version 1.29.2, build unknown",
    // "podman-compose version 1.5.0", "podman-composer version  1.0.3"
    private static final Pattern VERSION = Pattern.compile(
            "(docker[ -]compose|podman-composer?)\\s+version:?\\s+v?(\\d[^\\s,]*)", Pattern.CASE_INSENSITIVE);

    /** Runs a command and returns its standard output; empty if the command does not exist or fails. */
    @FunctionalInterface
    interface Look {
        Optional<String> at(List<String> command);
    }

    /**
     * The first installed tool, or the one that the user chose.
     *
     * @throws Failure if there is none
     */
    static ComposeTool find(Map<String, String> environment) {
        return find(environment.getOrDefault(CHOICE, "").strip(), ComposeTool::answerOf);
    }

    static ComposeTool find(String chosen, Look look) {
        List<String> candidates = chosen.isEmpty() ? KNOWN : List.of(chosen);
        for (String candidate : candidates) {
            List<String> command = Arrays.asList(candidate.split("\\s+", -1));
            List<String> question = new ArrayList<>(command);
            question.add("version");
            Optional<ComposeTool> tool = look.at(question).flatMap(answer -> of(command, answer));
            if (tool.isPresent()) {
                return tool.get();
            }
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "no tool that runs compose files was found",
                chosen.isEmpty()
                        ? "none of " + String.join(", ", KNOWN) + " is installed"
                        : CHOICE + " names `" + chosen + "`, and `" + chosen + " version` fails",
                "install Docker with its compose plugin, or use the embedded engine, which needs no containers:"
                        + " `kstage env up --engine embedded`");
    }

    private static Optional<ComposeTool> of(List<String> command, String answer) {
        Matcher matcher = VERSION.matcher(answer);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String program = matcher.group(1).toLowerCase(Locale.ROOT);
        String version = matcher.group(2);
        Dialect dialect = program.startsWith("podman")
                ? Dialect.PODMAN
                : version.startsWith("1.") ? Dialect.FIRST : Dialect.SECOND;
        return Optional.of(new ComposeTool(command, version, dialect));
    }

    private static Optional<String> answerOf(List<String> command) {
        try {
            CommandResult run = CommandResult.of(command, Path.of("/"), Map.of(), LONGEST_LOOK);
            return run.code() == 0 ? Optional.of(run.output()) : Optional.empty();
        } catch (IOException e) {
            if (FileFault.reason(e).contains("No space")) {
                throw EnvironmentDirectory.failure("cannot look for " + command.get(0), e);
            }
            return Optional.empty();
        }
    }

    /** The name of the tool, with its version. */
    String title() {
        return String.join(" ", command) + " " + version;
    }
}
