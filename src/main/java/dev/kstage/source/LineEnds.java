package dev.kstage.source;

/** What belongs to a line of a text file and not to its content. */
final class LineEnds {
    static final int MARK_LENGTH = 3;

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private LineEnds() {}

    /** How many bytes the byte order mark of UTF-8 takes at the start of a file: 3, or 0 without one. */
    static int mark(byte[] buffer, int from, int end) {
        return end - from >= MARK_LENGTH
                        && buffer[from] == MARK[0]
                        && buffer[from + 1] == MARK[1]
                        && buffer[from + 2] == MARK[2]
                ? MARK_LENGTH
                : 0;
    }

    /** Whether this is the byte of the mark at this place. */
    static boolean isOfMark(int at, byte value) {
        return at < MARK_LENGTH && MARK[at] == value;
    }

    /** Where the content of a line ends that has a line feed at {@code end}. */
    static int end(byte[] buffer, int from, int end) {
        return end > from && buffer[end - 1] == '\r' ? end - 1 : end;
    }
}
