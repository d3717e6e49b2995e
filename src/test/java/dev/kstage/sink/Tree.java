package dev.kstage.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A small tree of files in memory: to be written again and again, or to be compared with what is there later. */
public record Tree(SortedMap<String, byte[]> files, SortedMap<String, String> shape) {
    public static Tree of(Path root) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        SortedMap<String, String> shape = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.toList()) {
                String name = root.relativize(each).toString();
                if (Files.isSymbolicLink(each)) {
                    shape.put(name, "link to " + Files.readSymbolicLink(each));
                } else if (Files.isDirectory(each)) {
                    shape.put(name, "directory");
                } else {
                    files.put(name, Files.readAllBytes(each));
                    shape.put(name, new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tree(files, shape);
    }

    byte[] file(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    public void write(Path root) throws IOException {
        for (Map.Entry<String, String> each : shape.entrySet()) {
            Path path = root.resolve(each.getKey());
            byte[] content = files.get(each.getKey());
            if (content == null) {
                Files.createDirectories(path);
            } else {
                Files.write(path, content);
            }
        }
    }

    /** Removes it, whatever has become of it; links are not followed. */
    public static void remove(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
