package dev.kstage.installed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A class-data archive of the jar, as the launcher script keeps one: made once for all tests, it halves
 * the start of the several hundred processes that they run.
 */
final class ClassArchive {
    private static @Nullable Path archive;
    private static boolean tried;

    private ClassArchive() {}

    /** The archive, or nothing where it could not be made. */
    static synchronized Optional<Path> file() {
        if (!tried) {
            tried = true;
            archive = make();
        }
        return Optional.ofNullable(archive);
    }

    private static @Nullable Path make() {
        try {
            Path directory = Files.createTempDirectory("kstage-it-classes");
            Path file = directory.resolve("archive");
            Process rehearsal = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:ArchiveClassesAtExit=" + file,
                            "-jar",
                            Installation.jar().toString(),
                            "warm-up",
                            directory.resolve("work").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean made = rehearsal.waitFor() == 0 && Files.exists(file);
            SharedKafka.delete(directory.resolve("work"));
            // The last one registered is the first one deleted.
            directory.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return made ? file : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
