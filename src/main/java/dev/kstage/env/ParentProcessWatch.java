package dev.kstage.env;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Keeps a process from outliving whoever started it: its standard input is a pipe that only the parent
 * holds, so it ends when the parent does, however that came about.
 */
public final class ParentProcessWatch {
    private ParentProcessWatch() {}

    /** Ends this process, at once and with nothing undone or completed, when its standard input ends. */
    public static void haltWhenInputEnds() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // A broken pipe means the same as its end: nobody is there any more.
                        Runtime.getRuntime().halt(0);
                    }
                    Runtime.getRuntime().halt(0);
                },
                "lifeline");
        watch.setDaemon(true);
        watch.start();
    }
}
