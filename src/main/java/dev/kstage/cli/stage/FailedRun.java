package dev.kstage.cli.stage;

import dev.kstage.report.Failure;

/** A failure of {@code consume} after its start, with what was stored before it. */
final class FailedRun extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;
    private final transient ConsumeReport report;

    FailedRun(Failure failure, ConsumeReport report) {
        super(failure);
        this.failure = failure;
        this.report = report;
    }

    Failure failure() {
        return failure;
    }

    ConsumeReport report() {
        return report;
    }
}
