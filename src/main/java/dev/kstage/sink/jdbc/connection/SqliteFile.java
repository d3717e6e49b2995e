package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.RegularFile;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteConfig;

/**
 * The file of a SQLite URL. Some names and parameters make SQLite open another file, or none. So this class asks
 * SQLite which file it has opened.
 *
 * @param path as the user named it
 */
public record SqliteFile(Path path) {
    private static final String PREFIX = "jdbc:sqlite:";
    // Maximum length of a chain of links; a longer one is a cycle.
    private static final int MOST_LINKS = 40;
    private static final List<String> BESIDE = List.of("-journal", "-wal", "-shm", ".lock");

    /**
     * @throws Failure if the URL names no file
     */
    public static SqliteFile named(String url) {
        String text = url.substring(PREFIX.length());
        boolean isUri = text.startsWith("file:");
        String name = text.split(isUri ? "[?#]" : "[?]", 2)[0];
        String parameters = text.substring(name.length());
        if (isUri) {
            // SQLite's own URIs: file:events.db, file:/data/events.db, file:///data/events.db; a + is a plus.
            name = name.substring("file:".length()).replaceFirst("^//(localhost)?(?=/)", "");
            name = decoded(name);
        }
        if (name.isBlank() || name.startsWith(":")) {
            throw inMemory(name);
        }
        for (String each :
                parameters.isEmpty() ? new String[0] : parameters.substring(1).split("&", -1)) {
            String parameter = each.split("=", 2)[0].toLowerCase(Locale.ROOT);
            if (isUri && each.toLowerCase(Locale.ROOT).startsWith("mode=memory")) {
                throw inMemory(name);
            }
            if (parameter.equals("vfs") || (!isUri && !isPragma(parameter))) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "cannot use sqlite:" + name,
                        "SQLite's parameter " + parameter + " is not supported",
                        "leave it out; only pragmas are allowed, as in ?busy_timeout=5000; write a file name"
                                + " with a ? as sqlite:file:NAME with %3F");
            }
        }
        return new SqliteFile(Path.of(name));
    }

    private static String decoded(String name) {
        String why = "a file name can't have a zero character";
        try {
            String decoded = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\0') < 0) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            why = "it has a % without two hexadecimal digits";
        }
        throw new Failure(Failure.Kind.USAGE, "cannot use sqlite:file:" + name, why, "name a file: sqlite:events.db");
    }

    private static boolean isPragma(String name) {
        return Arrays.stream(SQLiteConfig.Pragma.values())
                .anyMatch(pragma -> pragma.getPragmaName().equals(name));
    }

    private static Failure inMemory(String name) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot use sqlite:" + name,
                "a database in memory is lost when this process ends",
                "name a file: sqlite:events.db");
    }

    /**
     * Checks the files that SQLite opens itself, before it opens them, because it would block on a named pipe.
     *
     * @throws Failure if one of them is a link, a pipe or a device; the database file itself may be a link
     */
    void requireRegular() {
        Path file = real();
        requireRegular(file);
        for (String suffix : BESIDE) {
            requireRegular(file.resolveSibling(file.getFileName() + suffix));
        }
    }

    private void requireRegular(Path file) {
        try {
            RegularFile.require(file);
        } catch (NoSuchFileException e) {
            // SQLite creates it when needed.
            return;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use sqlite:" + path,
                    file + ": " + FileFault.reason(e),
                    "remove it if it is not yours, or name another file",
                    e);
        }
    }

    /**
     * Asks SQLite which file it opened.
     *
     * @throws Failure if it is not this file
     */
    void require(Connection connection) throws SQLException {
        String opened = "";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA database_list")) {
            while (row.next()) {
                if (row.getString("name").equals("main")) {
                    opened = String.valueOf(row.getString("file"));
                }
            }
        }
        if (opened.isEmpty()) {
            throw inMemory(path.toString());
        }
        if (!real(Path.of(opened)).equals(real(path))) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use sqlite:" + path,
                    "SQLite opened another file: " + opened,
                    "name the file without parameters: sqlite:events.db");
        }
    }

    /** The canonical path of the file, with links resolved. */
    Path real() {
        return real(path);
    }

    private static Path real(Path named) {
        Path file = named.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(file) && links < MOST_LINKS; links++) {
                file = file.resolveSibling(Files.readSymbolicLink(file));
            }
            Path directory = file.getParent();
            return directory == null ? file : directory.toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            // The directory is missing; SQLite's own message is better.
            return file.normalize();
        }
    }
}
