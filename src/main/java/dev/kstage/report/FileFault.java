package dev.kstage.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Describes an error of a file for a person. */
public final class FileFault {
    private FileFault() {}

    /** The reason, for a message that names the file itself. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it already exists";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? "the operating system gives no reason" : reason;
    }

    /** The reason, with the name of the file if it is known. */
    public static String of(IOException e) {
        return e instanceof FileSystemException system && system.getFile() != null
                ? system.getFile() + ": " + reason(e)
                : reason(e);
    }
}
