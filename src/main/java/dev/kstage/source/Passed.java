package dev.kstage.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The part of an input that lies behind: how many bytes and lines, and their SHA-256. */
final class Passed {
    private final MessageDigest digest = sha256();
    private long bytes;
    private long lines;
    private long empty;
    private boolean withinLine;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** Bytes that hold whole lines when all are added, but for a last one without a line feed. */
    void add(byte[] buffer, int length) {
        for (int at = 0; at < length; at++) {
            if (buffer[at] != '\n') {
                withinLine = true;
            } else {
                lines++;
                empty += withinLine ? 0 : 1;
                withinLine = false;
            }
        }
        digest.update(buffer, 0, length);
        bytes += length;
    }

    /** A line with its line feed, counted elsewhere. */
    void addLine(byte[] buffer, int from, int to) {
        digest.update(buffer, from, to - from);
    }

    long bytes() {
        return bytes;
    }

    long lines() {
        return lines + (withinLine ? 1 : 0);
    }

    boolean endsWithinLine() {
        return withinLine;
    }

    long empty() {
        return empty;
    }

    long records() {
        return lines() - empty;
    }

    String fingerprint() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("that of every Java can be cloned", e);
        }
    }
}
