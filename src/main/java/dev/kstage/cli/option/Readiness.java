package dev.kstage.cli.option;

import dev.kstage.env.EmbeddedKafka;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How a starting environment is asked whether it answers. */
public final class Readiness {
    /** Asks for the cluster's metadata until as many brokers as there should be are in it. */
    public static final EmbeddedKafka.Readiness OF_KAFKA = (profile, brokers, limit, giveUp) ->
            Cluster.await(new ClientSettings(profile, Duration.ofSeconds(2)), brokers, limit, giveUp);

    private Readiness() {}

    /**
     * The same, ended by a signal.
     *
     * @param what would have been, as a message says it
     * @throws Failure from the asking, if it was interrupted
     */
    public static EmbeddedKafka.Readiness unlessInterrupted(BooleanSupplier interrupted, String what) {
        return (profile, brokers, limit, giveUp) -> {
            boolean answers =
                    OF_KAFKA.await(profile, brokers, limit, () -> giveUp.getAsBoolean() || interrupted.getAsBoolean());
            if (!answers && interrupted.getAsBoolean()) {
                throw new Failure(Failure.Kind.TEMPORARY, what, "it was interrupted", "run it again");
            }
            return answers;
        };
    }
}
