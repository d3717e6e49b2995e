package dev.kstage.env;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.report.Failure;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import kafka.server.KafkaRaftServer;

/**
 * A broker inside this process, for the training run of the class archive. The archive contains the classes of one
 * process, and should include those of the broker.
 */
public final class ArchiveTrainingKafka implements AutoCloseable {
    private final EnvironmentDirectory directory;
    private final Environment environment;
    private final KafkaRaftServer server;

    /** Starts the broker on free ports, and makes it the current profile of these directories. */
    public ArchiveTrainingKafka(XdgDirectories directories) {
        String name = "rehearsal-" + UUID.randomUUID().toString().substring(0, 8);
        directory = EnvironmentDirectory.of(directories, name);
        List<Integer> ports = Ports.free(2);
        Environment.Node node = new Environment.Node(
                1, ports.get(0), ports.get(1), ProcessHandle.current().pid());
        environment = new Environment(name, EmbeddedKafka.ENGINE, EmbeddedKafka.newClusterId(), List.of(node));
        Properties settings = BrokerSettings.of(environment, node, directory);
        try {
            directory.create();
            server = BrokerProcess.server(settings);
            server.startup();
            environment.write(directory);
            new CurrentProfile(name, directory.profileFile().toString(), "rehearsal").write(directories);
        } catch (Exception e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "the training run has no broker",
                    String.valueOf(e.getMessage()),
                    "ignore this; kstage works without the class archive",
                    e);
        }
    }

    /** Stops the broker and removes its data. */
    @Override
    public void close() {
        server.shutdown();
        directory.delete();
    }
}
