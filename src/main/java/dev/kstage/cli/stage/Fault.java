package dev.kstage.cli.stage;

import java.time.Duration;

/**
 * A fault that is injected into a stage or the broker while events flow.
 *
 * @param after delay after the previous fault, and not before the target is active
 * @param time duration of a pause or outage; zero if not used
 * @param victim chooses the worker, modulo the number of workers
 */
record Fault(Kind kind, Duration after, Duration time, int victim) {
    /** The target of a fault. */
    enum Target {
        PRODUCER,
        CONSUMER,
        BROKER
    }

    /** The kind of a fault. */
    enum Kind {
        /** SIGKILL; the same command is run again. */
        KILL_PRODUCER(Target.PRODUCER),
        /** SIGSTOP; the same command is started again, and then the first process is resumed. */
        PAUSE_PRODUCER(Target.PRODUCER),
        /** The same run is started a second time, in parallel. */
        SECOND_PRODUCER(Target.PRODUCER),
        /** SIGKILL; the same command is run again. */
        KILL_CONSUMER(Target.CONSUMER),
        /**
         * SIGSTOP beyond the session timeout; the same command is started again, and then the first process is
         * resumed.
         */
        PAUSE_CONSUMER(Target.CONSUMER),
        /** One more worker joins; a destination with a single writer rejects it. */
        JOIN_CONSUMER(Target.CONSUMER),
        /** SIGKILL; the broker restarts with its data. */
        KILL_BROKER(Target.BROKER);

        private final Target target;

        Kind(Target target) {
            this.target = target;
        }

        Target target() {
            return target;
        }

        boolean isKill() {
            return this == KILL_PRODUCER || this == KILL_CONSUMER;
        }

        boolean isPause() {
            return this == PAUSE_PRODUCER || this == PAUSE_CONSUMER;
        }
    }
}
