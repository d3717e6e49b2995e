package dev.kstage.cli.option;

import dev.kstage.env.EmbeddedKafka;
import dev.kstage.kafka.ClientSettings;
import dev.kstage.kafka.Cluster;
import java.time.Duration;

/** How a starting environment is asked whether it answers. */
public final class Readiness {
    /** Asks for the cluster's metadata until as many brokers as there should be are in it. */
    public static final EmbeddedKafka.Readiness OF_KAFKA = (profile, brokers, limit, giveUp) ->
            Cluster.await(new ClientSettings(profile, Duration.ofSeconds(2)), brokers, limit, giveUp);

    private Readiness() {}
}
