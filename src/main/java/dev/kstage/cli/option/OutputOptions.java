package dev.kstage.cli.option;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.Screen.ColorChoice;
import dev.kstage.report.Failure;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for reports and messages. */
public final class OutputOptions {
    /** The formats of a report. */
    public enum Form {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "text",
            description = "Print the report as text or as one JSON document: ${COMPLETION-CANDIDATES} (default:"
                    + " ${DEFAULT-VALUE}).")
    Form form = Form.TEXT;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Also write the report as JSON to this file (a link is replaced, not followed).")
    @Nullable
    Path reportFile;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print no progress and no notes, only warnings and errors.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Also print warnings of the Kafka client; -vv: also its log and stack traces.")
    boolean[] verbose = {};

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "When to use colour: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    ColorChoice color = ColorChoice.AUTO;

    /** Applies the options; must be called before any Kafka class is used. */
    public void apply(CommandContext context) {
        context.screen().configure(quiet, verbose.length, color);
        // Never more than INFO: at DEBUG, the client's network and SASL logs show secrets (CVE-2026-33558).
        String level = verbose.length == 0 ? "off" : verbose.length == 1 ? "warn" : "info";
        if (reportFile != null) {
            requireWritable(reportFile);
        }
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
        if (verbose.length > 0) {
            context.screen().takeOverLog();
        }
    }

    /** Prints a report on standard output and writes it to the file of {@code --report}. */
    public void report(CommandContext context, Object report, Supplier<List<String>> text) {
        String document = Json.document(report, context.screen()::redacted);
        if (isText()) {
            text.get().forEach(context.screen()::print);
        } else {
            context.screen().printJson(document);
        }
        write(document);
    }

    /**
     * Prints a report on standard error, because standard output has the data, and writes it to the file of {@code
     * --report}.
     */
    public void reportBeside(CommandContext context, Object report, Supplier<List<String>> text) {
        String document = Json.document(report, context.screen()::redacted);
        if (!isText()) {
            context.screen().printJsonBeside(document);
        } else if (!quiet) {
            text.get().forEach(context.screen()::printBeside);
        }
        write(document);
    }

    /** Whether reports are text. */
    public boolean isText() {
        return form == Form.TEXT;
    }

    private void write(String document) {
        if (reportFile != null) {
            writeFile(reportFile, document + "\n");
        }
    }

    private static boolean isReadOnly(Path directory) {
        try {
            return Files.getFileStore(directory).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    /** Rejects a file that can't be written, before the command starts. */
    public static void requireWritable(Path file) {
        if (ReportTarget.isStream(file) && Files.exists(file)) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)
                || directory == null
                || !Files.isDirectory(directory)
                || !Files.isWritable(directory)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot write " + file,
                    Files.isDirectory(file)
                            ? "it is a directory"
                            : directory != null && Files.isDirectory(directory) && isReadOnly(directory)
                                    ? "the file system of " + directory + " is read-only"
                                    : "there is no directory " + directory + " that you may write to",
                    "name a file in a directory that you may write to");
        }
    }

    private static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Writes a file that the user asked for. */
    public static void writeFile(Path file, String content) {
        try {
            ReportTarget.write(file, content);
        } catch (IOException e) {
            boolean isFull = why(e).contains("No space left") || why(e).contains("quota");
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot write " + file,
                    why(e),
                    isFull
                            ? "free some space, or name a file on another disk"
                            : ReportTarget.isStream(file)
                                    ? "start a program that reads from there before this one ends, or name a file"
                                    : "name a file in a directory that you may write to",
                    e);
        }
    }
}
