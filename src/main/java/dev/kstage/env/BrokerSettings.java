package dev.kstage.env;

import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** The settings of one broker of an embedded cluster: combined KRaft mode, on loopback only. */
final class BrokerSettings {
    /** A setting of kstage, not of Kafka: the cluster id for formatting. */
    static final String CLUSTER_ID = "kstage.cluster.id";

    private BrokerSettings() {}

    static Properties of(Environment environment, Environment.Node node, EnvironmentDirectory directory) {
        List<Environment.Node> nodes = environment.nodes();
        String copies = String.valueOf(Math.min(3, nodes.size()));
        String leastInSync = String.valueOf(Math.min(2, nodes.size()));
        Properties settings = new Properties();
        settings.setProperty(CLUSTER_ID, environment.clusterId());
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", String.valueOf(node.id()));
        settings.setProperty(
                "controller.quorum.voters",
                nodes.stream()
                        .map(each -> each.id() + "@127.0.0.1:" + each.controllerPort())
                        .collect(Collectors.joining(",")));
        settings.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + node.port() + ",CONTROLLER://127.0.0.1:" + node.controllerPort());
        settings.setProperty("advertised.listeners", "PLAINTEXT://localhost:" + node.port());
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("inter.broker.listener.name", "PLAINTEXT");
        settings.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty(
                "log.dirs", directory.data().resolve("node-" + node.id()).toString());
        settings.setProperty("num.partitions", "3");
        settings.setProperty("default.replication.factor", copies);
        settings.setProperty("min.insync.replicas", leastInSync);
        settings.setProperty("offsets.topic.replication.factor", copies);
        settings.setProperty("transaction.state.log.replication.factor", copies);
        settings.setProperty("transaction.state.log.min.isr", leastInSync);
        settings.setProperty("share.coordinator.state.topic.replication.factor", copies);
        settings.setProperty("share.coordinator.state.topic.min.isr", leastInSync);
        // On one machine, 50 partitions for a few groups would only slow down the first commit.
        settings.setProperty("offsets.topic.num.partitions", "4");
        settings.setProperty("transaction.state.log.num.partitions", "4");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "4");
        // No other members are expected, so there is nothing to wait for.
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        // Tests that kill a worker should not wait 6 s until it is noticed, and 10 s more for its open transaction.
        // A timeout below 5 s would be too short: a broker that has just started would end the transaction while
        // partitions have no leader yet, and leave it open there (KAFKA-20734).
        settings.setProperty("group.min.session.timeout.ms", "1000");
        settings.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "5000");
        // A killed broker can register again only after its old session has timed out, 9 s by default.
        settings.setProperty("broker.session.timeout.ms", "3000");
        settings.setProperty("broker.heartbeat.interval.ms", "500");
        settings.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        return settings;
    }
}
