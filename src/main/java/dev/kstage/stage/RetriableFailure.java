package dev.kstage.stage;

import dev.kstage.report.Failure;
import java.time.Duration;

/**
 * Nothing of the open batch is stored, for a reason that may pass: a full disk, a database that does not
 * answer. The stage tries again; after {@link #patience} the failure ends the run.
 */
public final class RetriableFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;
    private final Duration patience;

    /**
     * @param failure what to tell the user in the end
     * @param patience how long to try again
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
