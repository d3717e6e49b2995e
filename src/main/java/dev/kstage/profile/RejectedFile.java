package dev.kstage.profile;

import java.nio.file.FileSystemException;

/** A file that kstage does not read. Its reason can follow the name of the file. */
public final class RejectedFile extends FileSystemException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    RejectedFile(String file, String reason, String remedy) {
        super(file, null, reason);
        this.remedy = remedy;
    }

    /** What the user can do. */
    public String remedy() {
        return remedy;
    }
}
