package dev.kstage.source;

/** Finds the bytes of a line that are not part of its content: line ends and a byte order mark. */
final class LineEnds {
    static final int MARK_LENGTH = 3;

    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private LineEnds() {}

    /** The length of a UTF-8 byte order mark at the start of a file: 3, or 0 if there is none. */
    static int mark(byte[] buffer, int from, int end) {
        return end - from >= MARK_LENGTH
                        && buffer[from] == MARK[0]
                        && buffer[from + 1] == MARK[1]
                        && buffer[from + 2] == MARK[2]
                ? MARK_LENGTH
                : 0;
    }

    /** Whether {@code value} is the byte of a byte order mark at this index. */
    static boolean isOfMark(int at, byte value) {
        return at < MARK_LENGTH && MARK[at] == value;
    }

    /** The end of the content of a line whose line feed is at {@code end}. */
    static int end(byte[] buffer, int from, int end) {
        return end > from && buffer[end - 1] == '\r' ? end - 1 : end;
    }
}
