package dev.kstage.cli.stage;

import java.time.Duration;

/**
 * Something that is done to a stage, or to the broker, while events flow.
 *
 * @param after how long after the one before, and not before whoever it is done to is at work
 * @param time how long a stage is stopped or a broker is gone; zero where that means nothing
 * @param victim chooses, modulo how many there are, which worker it is done to
 */
record Fault(Kind kind, Duration after, Duration time, int victim) {
    /** To whom it is done. */
    enum Target {
        PRODUCER,
        CONSUMER,
        BROKER
    }

    /** What is done. */
    enum Kind {
        /** SIGKILL; the same command is run again. */
        KILL_PRODUCER(Target.PRODUCER),
        /** SIGSTOP; the same command is run again, and then the first is woken. */
        PAUSE_PRODUCER(Target.PRODUCER),
        /** The same run is started a second time beside the first. */
        SECOND_PRODUCER(Target.PRODUCER),
        /** SIGKILL; the same command is run again. */
        KILL_CONSUMER(Target.CONSUMER),
        /** SIGSTOP beyond the session time-out; the same command is run again, and then the first is woken. */
        PAUSE_CONSUMER(Target.CONSUMER),
        /** One more worker comes; where there can be one writer only, it is refused. */
        JOIN_CONSUMER(Target.CONSUMER),
        /** SIGKILL; it comes back with its data. */
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
