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

/** Files of lines {@code key=value}: those of kcat and those of Java differ in what they escape. */
final class KeyValueLines {
    /**
     * A line.
     *
     * @param key without spaces around it
     * @param value as it stands there
     */
    record Line(String key, String value) {}

    private static final int MOST_LINES = 10_000;

    private KeyValueLines() {}

    /**
     * The text of a file. Java reads its properties as ISO-8859-1, but editors write UTF-8: what is
     * valid UTF-8 is read as such, anything else as ISO-8859-1. (Java's resource bundles do the same.)
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

    /** Whether the first line that says something has a name and an equals sign. */
    static boolean isOne(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .filter(line -> line.matches("(export\\s+)?[\\w.-]+\\s*=.*"))
                .isPresent();
    }

    /**
     * The lines that say something.
     *
     * @throws dev.kstage.report.Failure naming the line that has no equals sign
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
            // Only who writes spaces on both sides means nothing by them.
            lines.add(new Line(key.strip(), key.endsWith(" ") ? value.stripLeading() : value));
        }
        return lines;
    }

    /** As kcat 1.7 reads its configuration: {@code \:} and {@code \=} lose the backslash, nothing else does. */
    static SortedMap<String, String> kcat(Path path, String text) {
        SortedMap<String, String> properties = new TreeMap<>();
        lines(path, text.replace("\\:", ":").replace("\\=", "="))
                .forEach(line -> properties.put(line.key(), line.value()));
        return properties;
    }

    /** As {@link Properties} reads them. */
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
