package dev.kstage.cli.terminal;

import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Failure;
import dev.kstage.report.Json;
import dev.kstage.report.Redactor;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.SystemStream;
import org.jspecify.annotations.Nullable;

/**
 * All output: data and reports on standard output, everything else on standard error, with secrets masked. It keeps
 * messages and the progress line apart.
 */
public final class Screen {
    private final StandardOutput data;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;
    private final boolean plain;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final Redactor redactor = new Redactor();
    private @Nullable ProgressLine progress;
    private boolean quiet;
    private int verbosity;
    private ColorChoice color = ColorChoice.AUTO;

    /** When to use colour. */
    public enum ColorChoice {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param environment for NO_COLOR and TERM */
    public Screen(
            OutputStream out,
            OutputStream err,
            boolean outIsTerminal,
            boolean errIsTerminal,
            Map<String, String> environment) {
        this.data = new StandardOutput(out);
        this.out = new PrintStream(new BufferedOutputStream(data, 1 << 13), false, StandardCharsets.UTF_8);
        this.err = new PrintStream(new BufferedOutputStream(err, 1 << 13), true, StandardCharsets.UTF_8);
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
        this.plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** Whether a file descriptor, 1 or 2, is a terminal; on Linux without native code. */
    public static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            return Files.isSymbolicLink(link)
                    ? Files.readSymbolicLink(link).toString().matches("/dev/(pts/\\d+|tty.*|console)")
                    : new JniTerminalProvider()
                            .isSystemStream(descriptor == 1 ? SystemStream.Output : SystemStream.Error);
        } catch (IOException | LinkageError e) {
            return false;
        }
    }

    /** Applies the options of the user. */
    public void configure(boolean beQuiet, int howVerbose, ColorChoice colors) {
        quiet = beQuiet;
        verbosity = howVerbose;
        color = colors;
    }

    /** Masks these texts in all output from now on. */
    public void hide(Collection<String> secrets) {
        redactor.hide(secrets);
    }

    /** Standard output as bytes, for data. */
    public OutputStream data() {
        return data;
    }

    public boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** Prints a line of a report. */
    public void print(String line) {
        out.println(colored(redactor.redact(line), outIsTerminal));
    }

    /** Prints a line of a report on standard error, because standard output has the data. */
    public void printBeside(String line) {
        toErr(colored(redactor.redact(line), errIsTerminal));
    }

    /** Prints a report as JSON. */
    public void printJson(String document) {
        out.println(outIsTerminal ? Json.harmless(document) : document);
    }

    /** Prints a report as JSON on standard error, because standard output has the data. */
    public void printJsonBeside(String document) {
        toErr(errIsTerminal ? Json.harmless(document) : document);
    }

    /** Prints a line of data in a report unchanged, except for secrets. */
    public void printVerbatim(String line) {
        out.println(redactor.redact(line));
    }

    /** The text with secrets masked, for other outputs. */
    public String redacted(String text) {
        return redactor.redact(text);
    }

    /** Prints a note, unless {@code --quiet} is set. */
    public void note(String line) {
        if (!quiet) {
            toErr("kstage: " + redactor.redact(Text.harmless(line)));
        }
    }

    /** Prints a warning, even with {@code --quiet}. */
    public void warn(String line) {
        toErr(colored(AnsiStyle.ODD.on("kstage: warning:") + " ", errIsTerminal)
                + redactor.redact(Text.harmless(line)));
    }

    /** Prints a warning, unless it was printed before. */
    public void warnOnce(String line) {
        if (warned.add(line)) {
            warn(line);
        }
    }

    /** Prints a failure: what, why, and what to do. */
    public void fail(Failure failure) {
        toErr(colored(AnsiStyle.BAD.on("kstage:") + " ", errIsTerminal)
                + redactor.redact(Text.harmless(failure.what())));
        toErr("  why: " + redactor.redact(Text.harmless(failure.why())));
        toErr("  try: " + redactor.redact(Text.harmless(failure.remedy())));
        if (verbosity >= 2) {
            trace(failure);
        }
    }

    /** Prints a stack trace, for {@code -vv}. */
    private void trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        trace.toString().lines().forEach(line -> toErr(redactor.redact(Text.harmless(line.replace("\t", "    ")))));
    }

    /** Writes a text to the terminal unchanged. */
    void paint(String text) {
        err.print(text);
        err.flush();
    }

    /**
     * Redirects what libraries write to standard error, such as the Kafka client's log, so that secrets are masked.
     */
    public void takeOverLog() {
        System.setErr(new PrintStream(
                new LogLines(line -> toErr(redactor.redact(Text.harmless(line.replace("\t", "    "))))),
                true,
                StandardCharsets.UTF_8));
    }

    private synchronized void toErr(String line) {
        if (progress != null) {
            progress.clear();
        }
        err.println(line);
    }

    /** Whether {@link #progress} shows one changing line; otherwise each change should be a {@link #note}. */
    public boolean isAnimated() {
        return errIsTerminal && !plain;
    }

    /**
     * Shows the progress of a run until the result is closed.
     *
     * @param besideData whether standard output carries data; if a terminal shows the data, there is no progress line
     */
    public ProgressLine progress(String name, StageProgress progress, boolean besideData) {
        ProgressLine line =
                new ProgressLine(name, progress, isAnimated(), text -> toErr("kstage: " + redactor.redact(text)), this);
        if (!quiet && !(besideData && outIsTerminal)) {
            this.progress = line;
            line.start();
        }
        return line;
    }

    synchronized void ended(ProgressLine line) {
        if (progress == line) {
            progress = null;
        }
    }

    private String colored(String line, boolean terminal) {
        boolean on = color == ColorChoice.ALWAYS || (color == ColorChoice.AUTO && terminal && !plain);
        return AnsiStyle.shown(line, on);
    }

    /** Whether standard output still had a reader at its last use. */
    public boolean isRead() {
        return !out.checkError();
    }

    /** Flushes the output; returns the error of standard output, or null. */
    public @Nullable IOException finish() {
        out.flush();
        err.flush();
        return data.failure();
    }
}
