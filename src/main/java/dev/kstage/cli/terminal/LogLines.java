package dev.kstage.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands over what is written to it, by any thread, as whole lines: a secret in two pieces would not be known. */
final class LogLines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> lines;

    LogLines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(int next) {
        if (next == '\n') {
            lines.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else if (next != '\r') {
            line.write(next);
        }
    }

    /** What has no line feed yet is not a line. */
    @Override
    public void flush() {}
}
