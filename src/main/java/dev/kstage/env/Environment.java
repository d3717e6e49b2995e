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
 * A Kafka that kstage started and that yields a connection profile; its state is stored in its directory.
 *
 * @param name its name, which is also the name of its profile
 * @param engine what runs it
 * @param clusterId the cluster id of its data
 * @param nodes its brokers
 * @param stack its containers, or null if it has none
 */
public record Environment(
        String name,
        String engine,
        String clusterId,
        List<Node> nodes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ComposeStack stack) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** An environment without containers. */
    Environment(String name, String engine, String clusterId, List<Node> nodes) {
        this(name, engine, clusterId, nodes, null);
    }

    /**
     * A broker, which is also a controller.
     *
     * @param id from 1
     * @param port for clients
     * @param controllerPort for controllers
     * @param pid its process at the last start
     */
    public record Node(int id, int port, int controllerPort, long pid) {}

    /** The engine of an environment, or null if the environment does not exist. */
    public static @Nullable String engineOf(XdgDirectories directories, String name) {
        Environment environment = read(EnvironmentDirectory.of(directories, name));
        return environment == null ? null : environment.engine();
    }

    /** The bootstrap servers, separated by commas. */
    @JsonIgnore
    public String bootstrapServers() {
        return nodes.stream().map(node -> "localhost:" + node.port()).collect(Collectors.joining(","));
    }

    /** The connection profile. */
    @JsonIgnore
    public Profile profile() {
        return new Profile(name, new TreeMap<>(Map.of(Profile.BOOTSTRAP_SERVERS, bootstrapServers())));
    }

    /** Reads what {@link #write} wrote, or returns null if there is nothing. */
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
        // JSON is valid YAML, so this file is a normal profile file.
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
