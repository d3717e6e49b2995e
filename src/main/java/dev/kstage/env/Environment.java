package dev.kstage.env;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.profile.Profile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.AtomicFile;
import dev.kstage.report.Failure;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that yields a connection profile: a Kafka that kstage started, as it is remembered in its
 * directory between commands.
 *
 * @param name its name, which is that of its profile too
 * @param engine what runs it
 * @param clusterId the id that its data carries
 * @param nodes its brokers
 * @param stack the containers that it consists of, or null if it has none
 */
public record Environment(
        String name,
        String engine,
        String clusterId,
        List<Node> nodes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ComposeStack stack) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** One without containers. */
    Environment(String name, String engine, String clusterId, List<Node> nodes) {
        this(name, engine, clusterId, nodes, null);
    }

    /**
     * One broker, which is a controller as well.
     *
     * @param id from 1
     * @param port where clients connect
     * @param controllerPort where the controllers talk
     * @param pid its process when it was last started
     */
    public record Node(int id, int port, int controllerPort, long pid) {}

    /** The engine of the environment of a name, or null if there is none. */
    public static @Nullable String engineOf(XdgDirectories directories, String name) {
        Environment environment = read(EnvironmentDirectory.of(directories, name));
        return environment == null ? null : environment.engine();
    }

    /** Addresses for clients, separated by commas. */
    @JsonIgnore
    public String bootstrapServers() {
        return nodes.stream().map(node -> "localhost:" + node.port()).collect(Collectors.joining(","));
    }

    /** How to connect to it. */
    @JsonIgnore
    public Profile profile() {
        return new Profile(name, new TreeMap<>(Map.of(Profile.BOOTSTRAP_SERVERS, bootstrapServers())));
    }

    /** Reads what {@link #write} wrote, or gives null if there is nothing. */
    static @Nullable Environment read(EnvironmentDirectory directory) {
        directory.requireOwn();
        try {
            return MAPPER.readValue(Files.readAllBytes(directory.stateFile()), Environment.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read the state of environment " + directory.name(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "remove " + directory.root() + " to start with an empty environment",
                    e);
        }
    }

    void write(EnvironmentDirectory directory) throws IOException {
        directory.create();
        replace(directory.stateFile(), Json.document(this) + "\n");
        // JSON is YAML: the profile stands where every other profile could stand.
        replace(
                directory.profileFile(),
                Json.document(Map.of(
                                "default",
                                name,
                                "profiles",
                                Map.of(name, profile().properties()))) + "\n");
    }

    private static void replace(Path file, String content) throws IOException {
        AtomicFile.replacePrivately(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
