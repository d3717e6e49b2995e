package dev.kstage.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A named step at which a test halts, pauses or fails the process. The system property {@value #PROPERTY} chooses
 * one: {@code NAME:halt}, {@code NAME:error} or {@code NAME:pause=FILE}. {@code @N} after the name means the N-th
 * time that the step is reached; the default is the first time. A pause creates FILE, and ends when FILE is deleted.
 * Several are separated by commas.
 */
public final class Failpoint {
    private static final String PROPERTY = "kstage.failpoint";
    private static final List<Failpoint> OF_PROCESS = parse(System.getProperty(PROPERTY, ""));
    private static final InheritableThreadLocal<List<Failpoint>> CHOSEN = new InheritableThreadLocal<>() {
        @Override
        protected List<Failpoint> initialValue() {
            return OF_PROCESS;
        }
    };
    // The exit code that a shell reports after SIGKILL.
    private static final int KILLED = 137;

    private final String name;
    private final int time;
    private final String action;
    private final AtomicInteger reached = new AtomicInteger();

    private Failpoint(String name, int time, String action) {
        this.name = name;
        this.time = time;
        this.action = action;
    }

    private static List<Failpoint> parse(String chosen) {
        return Stream.of(chosen.split(",", -1))
                .filter(each -> each.indexOf(':') >= 0)
                .map(Failpoint::parseOne)
                .toList();
    }

    private static Failpoint parseOne(String chosen) {
        String step = chosen.substring(0, chosen.indexOf(':'));
        String action = chosen.substring(chosen.indexOf(':') + 1);
        int at = step.indexOf('@');
        return at < 0
                ? new Failpoint(step, 1, action)
                : new Failpoint(step.substring(0, at), Integer.parseInt(step.substring(at + 1)), action);
    }

    /**
     * Chooses failpoints for this thread and for those that it starts, in place of those of the process.
     *
     * @param failpoints as the system property has them
     */
    public static void choose(String failpoints) {
        CHOSEN.set(parse(failpoints));
    }

    /** Marks a step. Does nothing unless a test chose this step. */
    public static void reach(String name) {
        List<Failpoint> chosen = CHOSEN.get();
        for (int i = 0; i < chosen.size(); i++) {
            Failpoint each = chosen.get(i);
            if (each.name.equals(name) && each.reached.incrementAndGet() == each.time) {
                each.act();
            }
        }
    }

    private void act() {
        if (action.equals("halt")) {
            Runtime.getRuntime().halt(KILLED);
        } else if (action.startsWith("pause=")) {
            pause(Path.of(action.substring("pause=".length())));
        } else {
            throw new UncheckedIOException(new IOException("failpoint " + name));
        }
    }

    private static void pause(Path file) {
        try {
            Files.createFile(file);
            while (Files.exists(file)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
