package dev.kstage.cli.option;

import dev.kstage.kafka.client.TopicName;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.connection.DatabaseUrl;
import dev.kstage.sink.jdbc.schema.TableName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The destination of results, as a user names it. */
public sealed interface Destination {
    /** The prefix of a kind of destination, known or unknown. */
    Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]+:");

    /** Standard output: {@code -}. */
    record StandardOutput() implements Destination {
        @Override
        public String toString() {
            return "-";
        }
    }

    /** One file of JSON lines: any path that has none of the other forms; see {@link FileExtension}. */
    record OneFile(Path path) implements Destination {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A directory of segments: a path that ends with {@code /}, or an existing directory. */
    record Directory(Path path) implements Destination {
        @Override
        public String toString() {
            return path + "/";
        }
    }

    /**
     * A database: {@code sqlite:FILE}, {@code postgresql://HOST/DB} or any {@code jdbc:} URL, with {@code
     * ?table=NAME} for a table.
     *
     * @param url the JDBC URL
     * @param user the user of an option or the URL, or null
     * @param table the table of the results, or null
     */
    record Database(
            String url, @Nullable String user, @Nullable TableName table) implements Destination {
        private static final Pattern TABLE = Pattern.compile("[?&]table=([^&]*)");

        /** @throws Failure if the URL contains a secret */
        Database(String url) {
            this(TABLE.matcher(url).replaceFirst("").replaceFirst("^([^?]*)&", "$1?"), null, tableIn(url));
        }

        /** @throws Failure if the URL contains a secret */
        public Database {
            DatabaseUrl.refuseSecrets(url);
        }

        private static @Nullable TableName tableIn(String url) {
            Matcher matcher = TABLE.matcher(url);
            return matcher.find()
                    ? TableName.parse(
                            "table", URLDecoder.decode(matcher.group(1).replace("+", "%2B"), StandardCharsets.UTF_8))
                    : null;
        }

        /** This database with user and table of the options. */
        public Database with(@Nullable String named, TableName chosen) {
            return new Database(url, named, chosen);
        }

        /** Whether it is a SQLite file, which has one writer at a time. */
        public boolean isSqlite() {
            return url.startsWith("jdbc:sqlite:");
        }

        /** A form that a user can use again, with user and table, without secrets. */
        @Override
        public String toString() {
            String shown = new DatabaseLogin(url, user, null, null).displayName();
            return table == null
                    ? shown
                    : shown + "?table="
                            + URLEncoder.encode(table.toString(), StandardCharsets.UTF_8)
                                    .replace("+", "%20");
        }
    }

    /** Another topic: {@code kafka:TOPIC}. */
    record KafkaTopic(String name) implements Destination {
        @Override
        public String toString() {
            return "kafka:" + name;
        }
    }

    /**
     * Parses a destination.
     *
     * @param base what a relative path is resolved against; empty for the working directory of the process
     * @throws Failure if it has an unknown prefix and is not a file; such a file is written as {@code ./NAME}
     */
    static Destination of(String text, Path base) {
        if (text.equals("-")) {
            return new StandardOutput();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.strip().equals("kafka:")) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use " + text,
                    "it names no topic",
                    "name a topic, as in kafka:processed_events");
        }
        if (lower.startsWith("kafka:")) {
            TopicName.requireWritable("cannot use " + text, text.substring("kafka:".length()));
            return new KafkaTopic(text.substring("kafka:".length()));
        }
        if (lower.startsWith("jdbc:")) {
            return new Database(within(base, withKind("jdbc:", text.substring("jdbc:".length()))));
        }
        if (lower.startsWith("sqlite:") || lower.startsWith("postgresql:")) {
            return new Database(within(base, withKind("jdbc:", text)));
        }
        if (lower.startsWith("postgres:")) {
            return new Database("jdbc:postgresql:" + text.substring("postgres:".length()));
        }
        Path path = base.resolve(text);
        Matcher kind = KIND.matcher(text);
        if (kind.lookingAt() && !Files.exists(path)) {
            // Only the prefix, because the rest may contain a password.
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use " + kind.group() + "...",
                    "no kind of destination has this prefix",
                    "use sqlite:FILE, postgresql://HOST/DB, jdbc:URL or kafka:TOPIC; write a file of that name as"
                            + " ./NAME");
        }
        if (text.endsWith("/") || Files.isDirectory(path)) {
            return new Directory(path);
        }
        FileExtension.refuse(text);
        return new OneFile(path);
    }

    /** The text with known prefixes in lower case. */
    private static String withKind(String before, String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean isKnown = kind.equals("sqlite") || kind.equals("postgresql");
        return before + (isKnown ? kind + text.substring(colon) : text);
    }

    /** Parses a destination, with relative paths in the working directory of the process. */
    static Destination of(String text) {
        return of(text, Path.of(""));
    }

    /** Resolves a relative path in a URL of SQLite. */
    private static String within(Path base, String url) {
        String sqlite = "jdbc:sqlite:";
        boolean isPath =
                url.startsWith(sqlite) && !url.startsWith("file:", sqlite.length()) && !url.contains(":memory:");
        return isPath && !base.toString().isEmpty() ? sqlite + base.resolve(url.substring(sqlite.length())) : url;
    }

    /** The parser for the command line. */
    record Converter(Path base) implements ITypeConverter<Destination> {
        @Override
        public Destination convert(String text) {
            try {
                return of(text, base);
            } catch (Failure e) {
                throw new TypeConversionException(e.what() + ": " + e.why() + "; " + e.remedy());
            }
        }
    }
}
