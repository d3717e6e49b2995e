package dev.kstage.cli.terminal;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jline.utils.Signals;

/**
 * The signals that ask the process to end. While a stage runs, the first one asks it to commit and stop;
 * at any other time, and the second time, the process ends at once with 128 + the signal's number.
 */
public final class Interruption implements BooleanSupplier {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final IntConsumer exit;
    private volatile boolean graceful;
    private volatile int signal;

    /** @param exit ends the process with a code */
    public Interruption(IntConsumer exit) {
        this.exit = exit;
    }

    /**
     * Takes the signals from the JVM. One that the process was started to ignore stays ignored.
     *
     * @param asked run after a signal that asks
     */
    public void listen(Runnable asked) {
        SIGNALS.forEach((name, number) -> Signals.register(name, () -> {
            received(number);
            asked.run();
        }));
    }

    void received(int number) {
        if (graceful && signal == 0) {
            signal = number;
        } else {
            exit.accept(128 + number);
        }
    }

    /** From now on a signal asks, until the scope is closed. */
    public Scope askFirst() {
        boolean before = graceful;
        graceful = true;
        return () -> graceful = before;
    }

    /** A time in which the first signal asks. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether a signal has asked. */
    @Override
    public boolean getAsBoolean() {
        return signal != 0;
    }

    /** The exit code of a run: the signal's if one ended it, else its own. */
    public int exitCode(int own) {
        return signal == 0 ? own : 128 + signal;
    }
}
