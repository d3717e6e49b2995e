package dev.kstage.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest of the input read so far: its bytes, its lines, and their SHA-256. */
final class InputDigest {
    private final MessageDigest digest = sha256();
    private long bytes;
    private long lines;
    private long empty;
    // About the current line: its length, the length of its byte order mark, and its last byte.
    private long lineLength;
    private int mark;
    private byte last;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has this digest", e);
        }
    }

    /** Adds bytes. In total they must be whole lines, except for a last line without a line feed. */
    void add(byte[] buffer, int length) {
        for (int at = 0; at < length; at++) {
            byte next = buffer[at];
            if (next != '\n') {
                if (lines == 0 && lineLength == mark && LineEnds.isOfMark(mark, next)) {
                    mark++;
                }
                lineLength++;
            } else {
                empty += content() == 0 || (content() == 1 && last == '\r') ? 1 : 0;
                lines++;
                lineLength = 0;
                mark = 0;
            }
            last = next;
        }
        digest.update(buffer, 0, length);
        bytes += length;
    }

    private long content() {
        return lineLength - (mark == LineEnds.MARK_LENGTH ? mark : 0);
    }

    /** Adds a line with its line feed; the caller counts it. */
    void addLine(byte[] buffer, int from, int to) {
        digest.update(buffer, from, to - from);
    }

    long bytes() {
        return bytes;
    }

    long lines() {
        return lines + (endsWithinLine() ? 1 : 0);
    }

    boolean endsWithinLine() {
        return lineLength > 0;
    }

    long empty() {
        return empty + (endsWithinLine() && content() == 0 ? 1 : 0);
    }

    long records() {
        return lines() - empty();
    }

    String fingerprint() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digest of every JRE can be cloned", e);
        }
    }
}
