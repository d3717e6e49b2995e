package dev.kstage.cli.option;

import dev.kstage.report.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where results are stored, as a user names it. */
public sealed interface Place {
    /** What a kind of place, known or not, begins with. */
    Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]+:");

    /** Standard output: {@code -}. */
    record StandardOutput() implements Place {
        @Override
        public String toString() {
            return "-";
        }
    }

    /** One file of JSON lines: any path that is none of the others. */
    record OneFile(Path path) implements Place {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A directory of segments: a path that ends with {@code /}, or a directory that is there. */
    record Directory(Path path) implements Place {
        @Override
        public String toString() {
            return path + "/";
        }
    }

    /**
     * A database: {@code sqlite:FILE}, {@code postgresql://HOST/DB} or any {@code jdbc:} URL.
     *
     * @param url what JDBC takes
     */
    record Database(String url) implements Place {
        /** Whether it is a file of SQLite, which has one writer at a time. */
        public boolean isSqlite() {
            return url.startsWith("jdbc:sqlite:");
        }

        /** As it may be given, without what may be a secret. */
        @Override
        public String toString() {
            return url.replaceFirst("^jdbc:(?=sqlite:|postgresql:)", "")
                    .replaceFirst("[?;].*", "")
                    .replaceFirst("//[^/@]*@", "//");
        }
    }

    /** Another topic: {@code kafka:TOPIC}. */
    record KafkaTopic(String name) implements Place {
        @Override
        public String toString() {
            return "kafka:" + name;
        }
    }

    /**
     * Reads the word of the command line.
     *
     * @throws Failure if it looks like a kind of place that there is not, and is no file; a file of such a name is {@code
     *     ./NAME}
     */
    static Place of(String text) {
        if (text.equals("-")) {
            return new StandardOutput();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.strip().equals("kafka:")) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot tell what " + text + " is",
                    "it names no topic",
                    "name one, as in kafka:processed_events");
        }
        if (lower.startsWith("kafka:")) {
            return new KafkaTopic(text.substring("kafka:".length()));
        }
        if (lower.startsWith("jdbc:")) {
            return new Database(text);
        }
        if (lower.startsWith("sqlite:") || lower.startsWith("postgresql:")) {
            return new Database("jdbc:" + text);
        }
        if (lower.startsWith("postgres:")) {
            return new Database("jdbc:postgresql:" + text.substring("postgres:".length()));
        }
        Path path = Path.of(text);
        Matcher kind = KIND.matcher(text);
        if (kind.lookingAt() && !Files.exists(path)) {
            // Not all of it: there may be a password in it.
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot tell what " + kind.group() + "... is",
                    "no kind of place begins like that",
                    "kinds are sqlite:FILE, postgresql://HOST/DB, jdbc:URL and kafka:TOPIC; a file of such a name is"
                            + " ./NAME");
        }
        return text.endsWith("/") || Files.isDirectory(path) ? new Directory(path) : new OneFile(path);
    }

    /** For the command line. */
    final class Converter implements ITypeConverter<Place> {
        @Override
        public Place convert(String text) {
            try {
                return of(text);
            } catch (Failure e) {
                throw new TypeConversionException(e.what() + ": " + e.why() + "; " + e.remedy());
            }
        }
    }
}
