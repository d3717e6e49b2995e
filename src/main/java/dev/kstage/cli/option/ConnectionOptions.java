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

/** Options that choose the cluster. */
public final class ConnectionOptions {
    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            description = "Bootstrap servers of the cluster, separated by commas.")
    @Nullable
    String bootstrapServer;

    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME",
            description = "Connection profile, or the id of an Airflow connection (variable AIRFLOW_CONN_ID).")
    @Nullable
    String profile;

    @Option(
            names = "--profile-file",
            paramLabel = "FILE",
            description = "File with the profile: kstage's YAML, Java .properties, exported Airflow"
                    + " connections (.json, .yaml, .env), kcat.conf or rpk.yaml.")
    @Nullable
    Path profileFile;

    @Option(
            names = "-X",
            paramLabel = "KEY=VALUE",
            description = "Kafka client property; overrides the profile. May be repeated.")
    Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "8s",
            description = "How long to wait for a response of the cluster (default: ${DEFAULT-VALUE}).")
    Duration timeout = Duration.ofSeconds(8);

    /** The cluster that options, environment and files select. */
    public Connection choose(CommandContext context) {
        return choose(context, connections(context));
    }

    /** The cluster, chosen with {@code connections} that were read already. */
    public Connection choose(CommandContext context, Connections connections) {
        Profile given = new Profile("", new TreeMap<>(overrides));
        context.screen().hide(given.secrets());
        given.properties().keySet().stream().filter(given::holdsSecret).forEach(key -> context.screen()
                .warnOnce("every user of this machine can read the arguments of a process, and -X " + key
                        + " contains a secret; put it into a profile"));
        Connection connection = connections.choose(choice());
        context.screen().hide(connection.profile().secrets());
        return connection;
    }

    /** Client settings for the chosen cluster. A note names the cluster and what chose it. */
    public ClientSettings settings(CommandContext context) {
        Connection connection = choose(context);
        context.screen().note("using " + connection.profile().bootstrapServers() + " (" + connection.why() + ")");
        return settings(context, connection);
    }

    /** Client settings for a cluster that was chosen before. */
    public ClientSettings settings(CommandContext context, Connection connection) {
        connection.profile().messages(PropertyChange.Weight.NOTED).forEach(context.screen()::note);
        connection.profile().messages(PropertyChange.Weight.WARNED).forEach(context.screen()::warn);
        ClientSettings settings = new ClientSettings(connection.profile(), timeout);
        settings.warnings().forEach(context.screen()::warn);
        return settings;
    }

    /** The connection options as a value. */
    public ConnectionChoice choice() {
        return new ConnectionChoice(bootstrapServer, profile, profileFile, overrides);
    }

    public Duration timeout() {
        return timeout;
    }

    /** The places where profiles are searched. */
    public static Connections connections(CommandContext context) {
        return new Connections(
                context.environment(), context.workingDirectory(), context.directories(), context.screen()::warn);
    }
}
