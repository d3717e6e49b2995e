package dev.kstage.profile.format;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parses files of lines {@code key=value}; the files of kcat and Java have different escapes. */
final class KeyValueLines {
    /**
     * A line.
     *
     * @param key without spaces around it
     * @param value unchanged
     */
    record Line(String key, String value) {}

    private static final int MOST_LINES = 10_000;

    private KeyValueLines() {}

    /**
     * Decodes the text of a file. Java defines its properties files as ISO-8859-1, but editors write UTF-8. So valid
     * UTF-8 is decoded as UTF-8, and anything else as ISO-8859-1. (Java's resource bundles do the same.)
     */
    static String text(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether the first line that is not empty or a comment has a name and an equals sign. */
    static boolean isOne(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .filter(line -> line.matches("(export\\s+)?[\\w.-]+\\s*=.*"))
                .isPresent();
    }

    /**
     * The lines that are not empty or comments.
     *
     * @throws dev.kstage.report.Failure with the number of a line without an equals sign
     */
    static List<Line> lines(Path path, String text) {
        List<Line> lines = new ArrayList<>();
        List<String> all = text.lines().toList();
        for (int at = 0; at < all.size(); at++) {
            String line = all.get(at).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw ProfileFile.broken(
                        path,
                        "line " + (at + 1) + " is not key=value",
                        "correct the line, or start it with # to ignore it");
            }
            if (lines.size() == MOST_LINES) {
                throw ProfileFile.broken(
                        path, "it has more than " + MOST_LINES + " lines", "split it into several files");
            }
            String key = line.substring(0, equals);
            String value = line.substring(equals + 1);
            // Spaces on both sides of the equals sign are not part of the value.
            lines.add(new Line(key.strip(), key.endsWith(" ") ? value.stripLeading() : value));
        }
        return lines;
    }

    /** Parses like kcat 1.7: only {@code \:} and {@code \=} are escapes. */
    static SortedMap<String, String> kcat(Path path, String text) {
        SortedMap<String, String> properties = new TreeMap<>();
        lines(path, text.replace("\\:", ":").replace("\\=", "="))
                .forEach(line -> properties.put(line.key(), line.value()));
        return properties;
    }

    /** Parses like {@link Properties}. */
    static SortedMap<String, String> java(Path path, String text) {
        Properties read = new Properties();
        try {
            read.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw ProfileFile.broken(
                    path,
                    "it has a \\u without four hexadecimal digits",
                    "add the digits, or write \\\\ for a" + " backslash");
        }
        SortedMap<String, String> properties = new TreeMap<>();
        read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key)));
        return properties;
    }
}
