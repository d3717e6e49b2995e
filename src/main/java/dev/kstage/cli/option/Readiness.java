package dev.kstage.cli.option;

import dev.kstage.env.EmbeddedKafka;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until the brokers of a starting environment respond. */
public final class Readiness {
    /** Reads the cluster's metadata until it contains the expected number of brokers. */
    public static final EmbeddedKafka.Readiness OF_KAFKA = (profile, brokers, limit, giveUp) ->
            Cluster.await(new ClientSettings(profile, Duration.ofSeconds(2)), brokers, limit, giveUp);

    private Readiness() {}

    /**
     * The same wait, ended by a signal.
     *
     * @param what the message if it is interrupted
     * @throws Failure during the wait, if it was interrupted
     */
    public static EmbeddedKafka.Readiness unlessInterrupted(BooleanSupplier interrupted, String what) {
        return (profile, brokers, limit, giveUp) -> {
            boolean answers =
                    OF_KAFKA.await(profile, brokers, limit, () -> giveUp.getAsBoolean() || interrupted.getAsBoolean());
            if (!answers && interrupted.getAsBoolean()) {
                throw new Failure(Failure.Kind.TEMPORARY, what, "it was interrupted", "run the same command again");
            }
            return answers;
        };
    }
}
