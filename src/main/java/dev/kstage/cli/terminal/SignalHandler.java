package dev.kstage.cli.terminal;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The signals that end the process. While a stage runs, the first signal asks it to commit and stop. At any other
 * time, and the second time, the process ends at once with 128 + the signal's number.
 */
public final class SignalHandler implements BooleanSupplier {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final IntConsumer exit;
    // What the process does after the first signal; null if a signal ends it at once.
    private volatile @Nullable String doing;
    private volatile int signal;

    /** @param exit ends the process with a code */
    public SignalHandler(IntConsumer exit) {
        this.exit = exit;
    }

    /**
     * Installs the signal handlers. A signal that the process ignores stays ignored.
     *
     * @param asked called after the first signal, with what the process does until it ends
     */
    public void listen(Consumer<String> asked) {
        SIGNALS.forEach((name, number) -> Signals.register(name, () -> received(number, asked)));
    }

    void received(int number, Consumer<String> asked) {
        String now = doing;
        if (now != null && signal == 0) {
            signal = number;
            asked.accept(now);
        } else {
            exit.accept(128 + number);
        }
    }

    /**
     * From now on the first signal is a request, until the scope is closed; the current commit is finished first.
     */
    public Scope askFirst() {
        return askFirst("finishing the current commit");
    }

    /**
     * From now on the first signal is a request, until the scope is closed.
     *
     * @param then what the process does between signal and end, for a message
     */
    public Scope askFirst(String then) {
        String before = doing;
        doing = then;
        return () -> doing = before;
    }

    /** A scope in which the first signal is a request. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether a signal was received. */
    @Override
    public boolean getAsBoolean() {
        return signal != 0;
    }

    /** The exit code of a run: that of the signal if one ended it, else its own. */
    public int exitCode(int own) {
        return signal == 0 ? own : 128 + signal;
    }
}
