package dev.kstage.env;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state of a service's container.
 *
 * @param service its name in the compose file
 * @param state "running", "exited", "restarting", "paused", "created" or "dead"
 * @param health "healthy", "unhealthy", "starting", or empty without a health check
 * @param exitCode the exit code if it has ended, else 0
 */
public record ServiceState(String service, String state, String health, int exitCode) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String SERVICE_LABEL = "com.docker.compose.service";
    private static final Pattern HEALTH = Pattern.compile("\\((?:health: )?(healthy|unhealthy|starting)\\)");
    // A cell of the table of 1.29: "Up", "Up (health: starting)", "Exit 137", "Restarting", "Paused".
    private static final Pattern CELL =
            Pattern.compile("(Up|Exit -?\\d+|Restarting|Paused|Created|Dead|Removing)( \\(.*\\))?");

    /** Whether it runs, and is healthy if it has a health check. */
    public boolean isReady() {
        return isRunning() && (health.isEmpty() || health.equals("healthy"));
    }

    /** Whether its container runs, healthy or not. */
    public boolean isRunning() {
        return state.equals("running");
    }

    /** Whether it has ended and will not restart automatically. */
    public boolean hasEnded() {
        return state.equals("exited") || state.equals("dead");
    }

    /** The state in a few words, for a person. */
    public String description() {
        return hasEnded() ? "ended with code " + exitCode : isRunning() && !health.isEmpty() ? health : state;
    }

    /**
     * Parses {@code ps --format json} of compose 2 and podman-compose: an array or, since 2.21, one object per line.
     */
    static List<ServiceState> ofJson(String output) {
        List<ServiceState> states = new ArrayList<>();
        try (MappingIterator<JsonNode> values = MAPPER.readerFor(JsonNode.class).readValues(output)) {
            // The elements of a root array are returned one by one too.
            values.forEachRemaining(node -> states.add(ofJson(node)));
        } catch (IOException | RuntimeException e) {
            throw unreadable(output, e);
        }
        return states;
    }

    private static ServiceState ofJson(JsonNode container) {
        JsonNode named = container.path("Service");
        String service = named.isTextual()
                ? named.asText()
                : container.path("Labels").path(SERVICE_LABEL).asText();
        String health = container.path("Health").asText();
        Matcher status = HEALTH.matcher(container.path("Status").asText());
        return new ServiceState(
                service,
                container.path("State").asText().toLowerCase(Locale.ROOT),
                health.isEmpty() && status.find() ? status.group(1) : health,
                container.path("ExitCode").asInt());
    }

    /**
     * Parses the table of {@code ps --all} of compose 1.29. A container's name consists of project, service and a
     * number.
     */
    static List<ServiceState> ofTable(String project, String output) {
        List<ServiceState> states = new ArrayList<>();
        Pattern name = Pattern.compile("^\\s*" + Pattern.quote(project) + "[_-](.+)[_-]\\d+$");
        for (String line : output.lines().toList()) {
            String[] cells = line.strip().split("\\s{3,}", -1);
            Matcher service = name.matcher(cells[0]);
            if (service.matches()) {
                for (String cell : cells) {
                    Matcher matcher = CELL.matcher(cell);
                    if (matcher.matches()) {
                        states.add(ofCell(service.group(1), matcher.group(1), cell));
                        break;
                    }
                }
            }
        }
        return states;
    }

    private static ServiceState ofCell(String service, String word, String cell) {
        Matcher health = HEALTH.matcher(cell);
        if (word.startsWith("Exit")) {
            return new ServiceState(service, "exited", "", Integer.parseInt(word.substring(5)));
        }
        return new ServiceState(
                service,
                word.equals("Up") ? "running" : word.toLowerCase(Locale.ROOT),
                health.find() ? health.group(1) : "",
                0);
    }

    private static Failure unreadable(String output, Exception e) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot read the state of the containers",
                "the output of `ps` is not understood: "
                        + output.lines().findFirst().orElse("nothing"),
                "set another tool with " + ComposeTool.CHOICE + ", such as docker-compose",
                e);
    }
}
