package dev.kstage.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A stream that passes on whole lines, written by any thread; a secret in two pieces could not be masked. */
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

    /** An incomplete line waits for its line feed. */
    @Override
    public void flush() {}
}
