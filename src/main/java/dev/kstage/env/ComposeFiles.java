package dev.kstage.env;

import dev.kstage.profile.PrivateDirectory;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The compose files of the jar, extracted for a compose tool. */
final class ComposeFiles {
    private static final String ROOT = "/compose";

    private ComposeFiles() {}

    /** Writes all compose files; other files in the directory stay. */
    static void write(Path directory) throws IOException {
        URL here = Objects.requireNonNull(ComposeFiles.class.getResource(ROOT + "/kafka.yaml"), "kafka.yaml");
        try {
            URI uri = here.toURI();
            if (uri.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                    copy(jar.getPath(ROOT), directory);
                }
            } else {
                copy(Objects.requireNonNull(Path.of(uri).getParent()), directory);
            }
        } catch (URISyntaxException e) {
            throw new IOException("the jar is at " + here, e);
        }
    }

    private static void copy(Path from, Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path target = directory.resolve(from.relativize(file).toString());
            Path parent = Objects.requireNonNull(target.getParent());
            for (Path each = parent; each.startsWith(directory); each = Objects.requireNonNull(each.getParent())) {
                // Permissions stay as they are, because containers read the content with other user ids.
                PrivateDirectory.requireOwn(each);
            }
            Files.createDirectories(parent);
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Copies the jar beside the Dockerfile of Airflow's image, unless it is there already. */
    static void addJar(Path directory) throws IOException {
        Path jar = ownJar();
        Path target = directory.resolve("airflow").resolve("kstage.jar");
        if (!Files.exists(target)
                || Files.size(target) != Files.size(jar)
                || !Files.getLastModifiedTime(target).equals(Files.getLastModifiedTime(jar))) {
            Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static Path ownJar() {
        try {
            Path jar = Path.of(ComposeFiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isRegularFile(jar)) {
                return jar;
            }
        } catch (URISyntaxException e) {
            throw noJar(e);
        }
        throw noJar(null);
    }

    private static Failure noJar(@Nullable Exception e) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot start Airflow",
                "its image needs kstage.jar, and this kstage does not run from a jar",
                "run kstage.jar, or leave out --with airflow",
                e);
    }
}
