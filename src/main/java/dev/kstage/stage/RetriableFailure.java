package dev.kstage.stage;

import dev.kstage.report.Failure;
import java.time.Duration;

/**
 * Nothing of the open batch is stored, for a temporary reason such as a full disk or a database that does not
 * respond. The stage retries; after {@link #patience} the failure ends the run.
 */
public final class RetriableFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;
    private final Duration patience;

    /**
     * @param failure the failure that ends the run if no retry succeeds
     * @param patience how long to retry
     */
    public RetriableFailure(Failure failure, Duration patience) {
        super(failure.what(), failure);
        this.failure = failure;
        this.patience = patience;
    }

    public Failure failure() {
        return failure;
    }

    public Duration patience() {
        return patience;
    }
}
