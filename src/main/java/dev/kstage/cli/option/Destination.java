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

/** Where results are stored, as a user names it. */
public sealed interface Destination {
    /** What a kind of place, known or not, begins with. */
    Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]+:");

    /** Standard output: {@code -}. */
    record StandardOutput() implements Destination {
        @Override
        public String toString() {
            return "-";
        }
    }

    /** One file of JSON lines: any path that is none of the others; see {@link FileExtension}. */
    record OneFile(Path path) implements Destination {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A directory of segments: a path that ends with {@code /}, or a directory that is there. */
    record Directory(Path path) implements Destination {
        @Override
        public String toString() {
            return path + "/";
        }
    }

    /**
     * A database: {@code sqlite:FILE}, {@code postgresql://HOST/DB} or any {@code jdbc:} URL, with {@code ?table=NAME}
     * for one of its tables.
     *
     * @param url what JDBC takes
     * @param user whom a user or the URL named, or null
     * @param table that of the results, or null
     */
    record Database(
            String url, @Nullable String user, @Nullable TableName table) implements Destination {
        private static final Pattern TABLE = Pattern.compile("[?&]table=([^&]*)");

        /** @throws Failure if a secret stands in the URL */
        Database(String url) {
            this(TABLE.matcher(url).replaceFirst("").replaceFirst("^([^?]*)&", "$1?"), null, tableIn(url));
        }

        /** @throws Failure if a secret stands in the URL */
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

        /** The same with what was said beside its URL. */
        public Database with(@Nullable String named, TableName chosen) {
            return new Database(url, named, chosen);
        }

        /** Whether it is a file of SQLite, which has one writer at a time. */
        public boolean isSqlite() {
            return url.startsWith("jdbc:sqlite:");
        }

        /** As it may be given again, with user and table, without what may be a secret. */
        @Override
        public String toString() {
            String place = new DatabaseLogin(url, user, null, null).place();
            return table == null
                    ? place
                    : place + "?table="
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
     * Reads the word of the command line.
     *
     * @throws Failure if it looks like a kind of place that there is not, and is no file; a file of such a name is {@code
     *     ./NAME}
     */
    static Destination of(String text) {
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
            TopicName.requireWritable("cannot use " + text, text.substring("kafka:".length()));
            return new KafkaTopic(text.substring("kafka:".length()));
        }
        if (lower.startsWith("jdbc:")) {
            return new Database(withKind("jdbc:", text.substring("jdbc:".length())));
        }
        if (lower.startsWith("sqlite:") || lower.startsWith("postgresql:")) {
            return new Database(withKind("jdbc:", text));
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
        if (text.endsWith("/") || Files.isDirectory(path)) {
            return new Directory(path);
        }
        FileExtension.refuse(text);
        return new OneFile(path);
    }

    /** The kinds that kstage knows in small letters, whatever they were written in. */
    private static String withKind(String before, String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean isKnown = kind.equals("sqlite") || kind.equals("postgresql");
        return before + (isKnown ? kind + text.substring(colon) : text);
    }

    /** For the command line. */
    final class Converter implements ITypeConverter<Destination> {
        @Override
        public Destination convert(String text) {
            try {
                return of(text);
            } catch (Failure e) {
                throw new TypeConversionException(e.what() + ": " + e.why() + "; " + e.remedy());
            }
        }
    }
}
