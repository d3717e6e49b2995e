package dev.kstage.sink.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What a file system says when it has no room: on a full disk, over a quota, at a limit of a file's size. */
public final class DiskFull {
    /** How long to see whether somebody makes room. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    // The texts of ENOSPC, EDQUOT and EFBIG in the C library; Java tells these no other way.
    private static final List<String> TEXTS =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private DiskFull() {}

    public static boolean is(IOException e) {
        String message = String.valueOf(e.getMessage());
        return TEXTS.stream().anyMatch(message::contains);
    }
}
