package dev.kstage.proxy;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.KafkaClients;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker with a proxy before it, for all test classes that ask for {@link Cluster}. */
public final class ProxiedKafka implements ParameterResolver {
    // A session that ends soon makes a test of zombies short; brokers refuse less than 6 s by themselves.
    private static final Map<String, String> SETTINGS = Map.of(
            "group.min.session.timeout.ms",
            "500",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
            "500");

    /**
     * The broker.
     *
     * @param clients without the proxy in between
     */
    public record Cluster(KafkaClients clients, KafkaProxy proxy, DedicatedKafka broker) implements AutoCloseable {
        static Cluster start() {
            int behind = DedicatedKafka.freePort();
            KafkaProxy proxy = new KafkaProxy(behind);
            DedicatedKafka broker = DedicatedKafka.start(behind, proxy.port(), SETTINGS);
            Cluster cluster = new Cluster(broker.clients(), proxy, broker);
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            return cluster;
        }

        /** Where a client connects that may lose answers. */
        public String proxied() {
            return "127.0.0.1:" + proxy.port();
        }

        @Override
        public synchronized void close() {
            proxy.close();
            broker.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Cluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(ProxiedKafka.class))
                .computeIfAbsent(Cluster.class, key -> Cluster.start(), Cluster.class);
    }
}
