package dev.kstage.installed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the packed jar says of what it is made of, against what it is made of. */
final class BundledIT {
    private static final String SBOM = "META-INF/sbom/kstage.cdx.json";

    private static JarFile jar;
    private static JsonNode sbom;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(Installation.jar().toFile());
        sbom = Outcome.json(text(SBOM));
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    private static String text(String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        assertThat(entry).as(name).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Set<String> entries() {
        return jar.stream().map(JarEntry::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The version of each artifact that the SBOM lists. */
    private static Map<String, String> components() {
        Map<String, String> components = new TreeMap<>();
        sbom.path("components")
                .forEach(each -> components.put(
                        each.path("name").asText(), each.path("version").asText()));
        return components;
    }

    private static Path onClassPath(String artifact, String version) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> each.endsWith("/" + artifact + "-" + version + ".jar"))
                .findFirst()
                .map(Path::of)
                .orElseThrow(() -> new AssertionError(artifact + " " + version + " is not on the class path"));
    }

    private static Set<String> classesOf(Path file) throws IOException {
        try (JarFile from = new JarFile(file.toFile())) {
            return from.stream()
                    .map(JarEntry::getName)
                    .filter(BundledIT::isClass)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** A few of those that the other set does not have. */
    private static List<String> without(Set<String> some, Set<String> others) {
        return some.stream().filter(each -> !others.contains(each)).limit(10).toList();
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.endsWith("module-info.class");
    }

    @Test
    void the_sbom_lists_exactly_what_is_bundled() throws IOException, GeneralSecurityException {
        Set<String> listed = new TreeSet<>();
        for (JsonNode each : sbom.path("components")) {
            Path file =
                    onClassPath(each.path("name").asText(), each.path("version").asText());
            listed.addAll(classesOf(file));
            assertThat(each.path("purl").asText())
                    .startsWith("pkg:maven/")
                    .contains("@" + each.path("version").asText());
            assertThat(sha256(each)).as(each.path("name").asText()).isEqualTo(sha256(file));
        }

        Set<String> bundled = entries().stream()
                .filter(BundledIT::isClass)
                .filter(name -> !name.startsWith("dev/kstage/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(bundled).isNotEmpty();
        assertThat(without(bundled, listed)).as("in the jar alone").isEmpty();
        assertThat(without(listed, bundled)).as("in the SBOM alone").isEmpty();
    }

    private static String sha256(JsonNode component) {
        for (JsonNode each : component.path("hashes")) {
            if (each.path("alg").asText().equals("SHA-256")) {
                return each.path("content").asText();
            }
        }
        return "";
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void the_sbom_has_nothing_that_changes_from_build_to_build() {
        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(sbom.has("serialNumber")).isFalse();
        assertThat(sbom.path("metadata").path("timestamp").asText("2026-01-01T00:00:00Z"))
                .isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void each_artifact_has_its_licence_in_a_directory_of_its_name() {
        Set<String> licensed = entries().stream()
                .filter(name -> name.matches("META-INF/licenses/[^/]+/LICENSE[^/]*"))
                .map(name -> name.split("/", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(licensed).isNotEmpty().isEqualTo(components().keySet());
        assertThat(entries())
                .contains(
                        "META-INF/licenses/kafka-clients/NOTICE",
                        "META-INF/licenses/postgresql/com.ongres.scram/scram-client-3.2/META-INF/LICENSE",
                        "META-INF/licenses/snappy-java/LICENSE-snappy",
                        "META-INF/licenses/sqlite-jdbc/LICENSE.zentus");
    }

    @Test
    void a_licence_that_wants_its_line_of_copyright_has_it() throws IOException {
        assertThat(text("META-INF/licenses/argparse4j/LICENSE"))
                .startsWith("Copyright (C) 2011, 2014, 2015 Tatsuhiro Tsujikawa\n\nPermission is hereby granted");
    }

    @Test
    void the_notice_is_kstages_own_and_no_licence_is_elsewhere() throws IOException {
        assertThat(text("META-INF/NOTICE")).startsWith("kstage\n").contains("META-INF/licenses/", SBOM);
        assertThat(entries().stream()
                        .filter(name -> !name.startsWith("META-INF/licenses/") && !name.endsWith(".class"))
                        .filter(name ->
                                name.matches("(?i)(.*[/-])?(licen[cs]es?|notice|copying|dependencies)(\\..*)?")))
                .containsExactly("META-INF/NOTICE");
    }

    @Test
    void nothing_is_older_than_the_versions_without_known_advisories() {
        assertThat(components())
                .hasEntrySatisfying("lz4-java", atLeast(1, 11, 4))
                .hasEntrySatisfying("snappy-java", atLeast(1, 1, 10, 10))
                .hasEntrySatisfying("jackson-databind", atLeast(2, 22, 1));
    }

    private static Consumer<String> atLeast(int... least) {
        return version -> assertThat(Arrays.compare(
                        Stream.of(version.split("\\.", -1))
                                .mapToInt(Integer::parseInt)
                                .toArray(),
                        least))
                .as(version)
                .isNotNegative();
    }
}
