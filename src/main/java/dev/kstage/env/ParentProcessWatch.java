package dev.kstage.env;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Ends this process when its parent ends, for whatever reason: its standard input is a pipe that only the parent
 * holds.
 */
public final class ParentProcessWatch {
    private ParentProcessWatch() {}

    /** Halts this process at the end of its standard input, without cleanup. */
    public static void haltWhenInputEnds() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // A broken pipe means the same as its end: the parent has ended.
                        Runtime.getRuntime().halt(0);
                    }
                    Runtime.getRuntime().halt(0);
                },
                "lifeline");
        watch.setDaemon(true);
        watch.start();
    }
}
