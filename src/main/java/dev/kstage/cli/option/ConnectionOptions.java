package dev.kstage.cli.option;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.profile.choice.Connection;
import dev.kstage.profile.choice.ConnectionChoice;
import dev.kstage.profile.choice.Connections;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to connect. */
public final class ConnectionOptions {
    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            description = "Kafka servers for the first contact, separated by commas.")
    @Nullable
    String bootstrapServer;

    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            description = "Connection profile to use; also an id of Airflow's, from AIRFLOW_CONN_ID.")
    @Nullable
    String profile;

    @Option(
            names = "--profile-file",
            paramLabel = "FILE",
            description = "File to take the profile from: kstage's YAML, Java .properties, exported Airflow"
                    + " connections (.json, .yaml, .env), kcat.conf or rpk.yaml.")
    @Nullable
    Path profileFile;

    @Option(
            names = "-X",
            paramLabel = "KEY=VALUE",
            description = "Kafka client property; wins over the profile. May be repeated.")
    Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "8s",
            description = "How long to wait for an answer of the cluster (default: ${DEFAULT-VALUE}).")
    Duration timeout = Duration.ofSeconds(8);

    /** The cluster that the options, the environment and the files choose together. */
    public Connection choose(CommandContext session) {
        return choose(session, connections(session));
    }

    /** The same among places that were looked at already. */
    public Connection choose(CommandContext session, Connections connections) {
        Profile given = new Profile("", new TreeMap<>(overrides));
        session.screen().hide(given.secrets());
        given.properties().keySet().stream().filter(given::holdsSecret).forEach(key -> session.screen()
                .warnOnce("every user of this machine can read the arguments of a process, and -X " + key
                        + " holds a secret: put it into a profile"));
        Connection connection = connections.choose(choice());
        session.screen().hide(connection.profile().secrets());
        return connection;
    }

    /** Client settings for the chosen cluster, after saying on standard error which one it is and why. */
    public ClientSettings settings(CommandContext session) {
        Connection connection = choose(session);
        session.screen().note("using " + connection.profile().bootstrapServers() + " (" + connection.why() + ")");
        return settings(session, connection);
    }

    /** Client settings for a cluster that was chosen before. */
    public ClientSettings settings(CommandContext session, Connection connection) {
        connection.profile().told(PropertyChange.Weight.NOTED).forEach(session.screen()::note);
        connection.profile().told(PropertyChange.Weight.WARNED).forEach(session.screen()::warn);
        ClientSettings settings = new ClientSettings(connection.profile(), timeout);
        settings.warnings().forEach(session.screen()::warn);
        return settings;
    }

    /** What the user said on the command line. */
    public ConnectionChoice choice() {
        return new ConnectionChoice(bootstrapServer, profile, profileFile, overrides);
    }

    public Duration timeout() {
        return timeout;
    }

    /** The places in which profiles are looked for. */
    public static Connections connections(CommandContext session) {
        return new Connections(
                session.environment(), session.workingDirectory(), session.directories(), session.screen()::warn);
    }
}
