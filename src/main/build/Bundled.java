import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Run by the build: lists what is bundled (META-INF/sbom, CycloneDX 1.6), and puts the licence of each artifact into a
 * directory of its name (META-INF/licenses). It comes from the artifact's jar; where that has none, from the texts
 * beside the list of those. The build fails where there is no licence, or a line of the list is of no use any
 * more. Nothing depends on the time or the place of the build.
 *
 * <p>Arguments: the directory of the list and the texts, META-INF, kstage's version, Maven's local repository, the
 * class path.
 */
final class Bundled {
    private static final Pattern LICENCE = Pattern.compile(
            "(.*-)?(LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)([.-].*)?(?<!\\.class)", Pattern.CASE_INSENSITIVE);
    // Where in its jar it stands says nothing that the directory does not.
    private static final Pattern PREFIX = Pattern.compile("META-INF/(licenses/|maven/[^/]+/[^/]+/)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final Path given;
    private final Path target;
    private final Set<String> wrong = new HashSet<>();

    private Bundled(Path given, Path target) {
        this.given = given;
        this.target = target;
    }

    /** A line of the list; {@code copyright} may be empty. */
    private record Listed(String artifact, String file, String text, String copyright) {
        static Listed parse(String line) {
            String[] words = BLANKS.split(line, 4);
            return new Listed(words[0], words[1], words[2], words.length > 3 ? words[3] : "");
        }
    }

    /** An artifact, by where a repository of Maven has it: GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar. */
    private record Artifact(Path jar, String group, String name, String version) {
        static Artifact of(Path repository, Path jar) {
            Path path = repository.toAbsolutePath().normalize().relativize(jar.toAbsolutePath().normalize());
            int count = path.getNameCount();
            String group = StreamSupport.stream(path.subpath(0, count - 3).spliterator(), false)
                    .map(Path::toString)
                    .collect(Collectors.joining("."));
            Artifact artifact = new Artifact(
                    jar, group, path.getName(count - 3).toString(), path.getName(count - 2).toString());
            if (!NAME.matcher(group + artifact.name() + artifact.version()).matches()) {
                throw new IllegalArgumentException(jar + " is not in " + repository);
            }
            return artifact;
        }

        String purl() {
            return "pkg:maven/" + group + "/" + name + "@" + version + "?type=jar";
        }

        String component(String type) {
            return """
                    {
                      "type": "%s",
                      "bom-ref": "%s",
                      "group": "%s",
                      "name": "%s",
                      "version": "%s",
                      "purl": "%2$s"%s
                    }""".formatted(type, purl(), group, name, version, hashes());
        }

        private String hashes() {
            return jar.toString().isEmpty()
                    ? ""
                    : ",\n  \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + sha256(jar) + "\"}]";
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[1]);
        List<Artifact> artifacts = Stream.of(arguments[4].split(File.pathSeparator))
                .filter(part -> part.endsWith(".jar"))
                .map(part -> Artifact.of(Path.of(arguments[3]), Path.of(part)))
                .sorted(Comparator.comparing(Artifact::purl))
                .toList();
        list(artifacts, new Artifact(Path.of(""), "dev.kstage", "kstage", arguments[2]), target);
        Bundled bundled = new Bundled(Path.of(arguments[0]), target.resolve("licenses"));
        bundled.collect(artifacts);
        bundled.wrong.stream().sorted().forEach(System.err::println);
        System.exit(bundled.wrong.isEmpty() ? 0 : 1);
    }

    private static void list(List<Artifact> artifacts, Artifact kstage, Path target) throws IOException {
        String components = artifacts.stream()
                .map(each -> each.component("library").indent(4).stripTrailing())
                .collect(Collectors.joining(",\n"));
        Path file = Files.createDirectories(target.resolve("sbom")).resolve("kstage.cdx.json");
        Files.writeString(file, """
                {
                  "bomFormat": "CycloneDX",
                  "specVersion": "1.6",
                  "version": 1,
                  "metadata": {
                    "component":
                %s
                  },
                  "components": [
                %s
                  ]
                }
                """.formatted(kstage.component("application").indent(4).stripTrailing(), components));
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void collect(List<Artifact> artifacts) throws IOException {
        delete(target);
        TreeMap<String, List<Listed>> listed = listed();
        for (Artifact each : artifacts) {
            String artifact = each.name();
            Path jar = each.jar();
            Path directory = Files.createDirectories(target.resolve(artifact));
            boolean hasOne = copy(jar, directory);
            List<Listed> more = listed.remove(artifact);
            for (Listed line : more == null ? List.<Listed>of() : more) {
                write(line, directory);
                hasOne |= line.file().equals("LICENSE");
            }
            if (!hasOne) {
                wrong.add(artifact + " has no licence: name it in " + given.resolve("artifacts.txt"));
            }
        }
        listed.keySet().forEach(artifact -> wrong.add("artifacts.txt names " + artifact + ", which is not bundled"));
    }

    private TreeMap<String, List<Listed>> listed() throws IOException {
        return Files.readAllLines(given.resolve("artifacts.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Listed::parse)
                .collect(Collectors.groupingBy(Listed::artifact, TreeMap::new, Collectors.toList()));
    }

    /** Whether there was one of them, of the jar itself. */
    private static boolean copy(Path jar, Path directory) throws IOException {
        boolean hasOne = false;
        try (ZipFile from = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : from.stream().toList()) {
                String name = entry.getName();
                if (entry.isDirectory() || !LICENCE.matcher(name.substring(name.lastIndexOf('/') + 1)).matches()) {
                    continue;
                }
                String own = PREFIX.matcher(name).replaceFirst("");
                Path file = directory.resolve(own).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException(jar + " has an entry " + name);
                }
                Files.createDirectories(file.getParent());
                Files.write(file, from.getInputStream(entry).readAllBytes());
                hasOne |= own.matches("(?i)LICEN[CS]E[^/]*");
            }
        }
        return hasOne;
    }

    private void write(Listed listed, Path directory) throws IOException {
        Path file = directory.resolve(listed.file());
        if (Files.exists(file)) {
            wrong.add("artifacts.txt names " + listed.artifact() + ", whose jar has a " + listed.file() + " itself");
        }
        String text = Files.readString(given.resolve("texts").resolve(listed.text() + ".txt"));
        Files.writeString(file, listed.copyright().isEmpty() ? text : listed.copyright() + "\n\n" + text);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
