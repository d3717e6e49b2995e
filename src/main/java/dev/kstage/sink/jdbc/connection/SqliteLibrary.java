package dev.kstage.sink.jdbc.connection;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library from the jar. The driver would unpack it to the temporary directory and leave it
 * there after a kill; this class deletes it as soon as it is loaded.
 */
final class SqliteLibrary {
    private static boolean loaded;

    private SqliteLibrary() {}

    static synchronized void load() throws SQLException {
        if (loaded) {
            return;
        }
        Path directory = null;
        try {
            directory = Files.createTempDirectory("kstage-sqlite");
            System.setProperty("org.sqlite.tmpdir", directory.toString());
            loaded = SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new SQLException("SQLite's native library can't be loaded: " + e.getMessage(), e);
        } finally {
            if (directory != null) {
                remove(directory);
            }
        }
    }

    /** Windows does not delete a file that is in use; then it stays until the process ends. */
    private static void remove(Path directory) {
        File[] files = directory.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            removeOne(file.toPath());
        }
        removeOne(directory);
    }

    private static void removeOne(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }
}
