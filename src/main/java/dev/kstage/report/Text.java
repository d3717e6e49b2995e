package dev.kstage.report;

import java.time.Duration;
import java.util.Locale;

/** Formats numbers, sizes, durations and foreign text for a person, the same in every locale. */
public final class Text {
    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Text() {}

    /** A whole number with thousands separated by commas: {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number of bytes in binary units with at most one decimal: {@code 1.5 MiB}. */
    public static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        // 1,023.95 and not 1,024, because rounding would print 1024.0 of the smaller unit.
        while (size >= 1023.95 && unit < SIZE_UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, SIZE_UNITS[unit]);
    }

    /** A duration with the two units that matter: {@code 420 ms}, {@code 2.4 s}, {@code 3 min 20 s}. */
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = (millis + 500) / 1000;
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        long minutes = (seconds + 30) / 60;
        return minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** Records per second over a time; 0 for a time too short to tell. */
    public static long perSecond(long records, Duration time) {
        long nanos = time.toNanos();
        return nanos <= 0 ? 0 : Math.round(records * 1e9 / nanos);
    }

    /** {@code 1 record} or {@code 2 records}. */
    public static String plural(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * Text of a cluster or a file, escaped for a terminal. Control characters, escape sequences, line separators and
     * direction marks are shown as {@code \\x1b} or {@code \\u202e}; the rest does not change.
     */
    public static String harmless(String text) {
        int first = 0;
        while (first < text.length() && !isHarmful(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isHarmful(c)) {
                shown.append(String.format(Locale.ROOT, c < 256 ? "\\x%02x" : "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /**
     * Whether a terminal or an editor may interpret the character instead of showing it: controls (C0, DEL, C1), line
     * and paragraph separators, and marks, embeddings, overrides and isolates of direction (UAX #9).
     */
    static boolean isHarmful(char c) {
        return c < ' '
                || (c >= 0x7f && c < 0xa0)
                || c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
