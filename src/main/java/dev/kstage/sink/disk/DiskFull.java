package dev.kstage.sink.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Recognises errors of a full file system: full disk, quota, or limit of a file's size. */
public final class DiskFull {
    /** How long to retry, in case somebody frees space. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    // The texts of ENOSPC, EDQUOT and EFBIG in the C library; Java has no other way to distinguish these errors.
    private static final List<String> TEXTS =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private DiskFull() {}

    public static boolean is(IOException e) {
        String message = String.valueOf(e.getMessage());
        return TEXTS.stream().anyMatch(message::contains);
    }
}
