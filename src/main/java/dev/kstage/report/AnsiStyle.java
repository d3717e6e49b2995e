package dev.kstage.report;

/**
 * Highlights words of a report where colour is possible. The marks are control characters. {@link Text#harmless}
 * removes them from all text of a cluster, so nobody else can set them.
 */
public enum AnsiStyle {
    GOOD('\u0001', "\u001b[32m"),
    ODD('\u0002', "\u001b[33m"),
    BAD('\u0003', "\u001b[31m");

    private static final char END = '\u0004';
    private static final String PLAIN = "\u001b[0m";

    private final char mark;
    private final String ansi;

    AnsiStyle(char mark, String ansi) {
        this.mark = mark;
        this.ansi = ansi;
    }

    /** The text with the marks of this style around it. */
    public String on(String text) {
        return mark + text + END;
    }

    /** The line with its marks replaced by colours (ECMA-48), or removed. */
    public static String shown(String line, boolean colored) {
        if (line.chars().noneMatch(c -> c <= END)) {
            return line;
        }
        String shown = line.replace(String.valueOf(END), colored ? PLAIN : "");
        for (AnsiStyle style : values()) {
            shown = shown.replace(String.valueOf(style.mark), colored ? style.ansi : "");
        }
        return shown;
    }
}
