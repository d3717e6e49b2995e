package dev.kstage.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** A writer that passes on its text line by line. */
final class PrintLines extends Writer {
    private final StringBuilder line = new StringBuilder();
    private final Consumer<String> lines;

    PrintLines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] text, int from, int length) {
        for (int at = from; at < from + length; at++) {
            if (text[at] == '\n') {
                lines.accept(line.toString());
                line.setLength(0);
            } else if (text[at] != '\r') {
                line.append(text[at]);
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        if (!line.isEmpty()) {
            lines.accept(line.toString());
            line.setLength(0);
        }
    }
}
