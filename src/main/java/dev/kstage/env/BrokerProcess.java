package dev.kstage.env;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The main class of a broker process. Its arguments are the settings file and, for a broker that must end with its
 * parent process, {@code --until-input-ends}.
 */
public final class BrokerProcess {
    static final String UNTIL_INPUT_ENDS = "--until-input-ends";

    private BrokerProcess() {}

    /** Formats the data directory at the first start, then runs until the process is terminated. */
    public static void main(String[] args) throws Exception {
        TemporaryDirectory.use();
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(args[0]))) {
            settings.load(file);
        }
        if (List.of(args).contains(UNTIL_INPUT_ENDS)) {
            ParentProcessWatch.haltWhenInputEnds();
        }
        KafkaRaftServer server = server(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
        server.startup();
        server.awaitShutdown();
    }

    /** A broker that is not started yet, with a formatted data directory. */
    static KafkaRaftServer server(Properties settings) throws Exception {
        String clusterId = settings.getProperty(BrokerSettings.CLUSTER_ID);
        settings.remove(BrokerSettings.CLUSTER_ID);
        format(settings, clusterId);
        return new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
    }

    private static void format(Properties settings, String clusterId) throws Exception {
        Path directory = Path.of(settings.getProperty("log.dirs"));
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(clusterId)
                .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setIgnoreFormatted(true)
                .run();
    }
}
