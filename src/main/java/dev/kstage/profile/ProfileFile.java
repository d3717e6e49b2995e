package dev.kstage.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kstage.profile.Written.Dialect;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A file of profiles, in kstage's own format or in one that other tools have. Its name and what it holds
 * tell which.
 *
 * @param path where it was read
 * @param defaultName the profile that is used when none is named, or null
 * @param profiles each profile as it is written there
 */
record ProfileFile(Path path, @Nullable String defaultName, Map<String, Written> profiles) {
    // What names code to load, a command to run or a place to fetch from: another user's file must not.
    private static final Pattern DANGEROUS = Pattern.compile(".*\\.class(es)?|interceptor\\.classes|metric\\.reporters"
            + "|partition\\.assignment\\.strategy|config\\.providers.*|security\\.providers"
            + "|.*callback\\.handler\\.class|sasl\\.kerberos\\.kinit\\.cmd|sasl\\.jaas\\.config|.*\\.url|.*\\.file"
            + "|ssl\\..*location");

    /**
     * @throws Failure if it can't be read or is of no format that is known; the message has the line where
     *     a document itself is broken
     */
    static ProfileFile read(Path path) {
        if (Files.isDirectory(path)) {
            throw broken(path, "it is a directory", "name the file in it");
        }
        try {
            ProfileFile file = of(path, Files.readAllBytes(path));
            file.refuseDangerous();
            return file;
        } catch (NoSuchFileException e) {
            throw broken(path, "there is no such file", "check the path, or write profiles to it");
        } catch (JsonProcessingException e) {
            throw broken(path, line(e) + firstLine(e.getOriginalMessage()), "correct the document at that line");
        } catch (IOException e) {
            throw broken(path, String.valueOf(e.getMessage()), "make it readable for you");
        }
    }

    private static ProfileFile of(Path path, byte[] content) throws IOException {
        String fileName = String.valueOf(path.getFileName());
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (extension.equals("properties")) {
            return single(path, Dialect.JAVA, KeyValueLines.java(path, KeyValueLines.text(content)));
        }
        // kstage's own environments are JSON: to look further would cost every command time.
        boolean isJson = content.length > 0 && content[0] == '{';
        if (!isJson && !List.of("json", "yaml", "yml").contains(extension)) {
            String text = KeyValueLines.text(content);
            if (extension.equals("env") || KeyValueLines.isOne(text)) {
                return ofLines(path, extension.equals("env"), text);
            }
        }
        JsonNode root = (isJson ? JsonMapper.builder() : (MapperBuilder<?, ?>) YAMLMapper.builder())
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build()
                .readTree(content);
        if (root == null || root.isMissingNode() || root.isNull()) {
            return new ProfileFile(path, null, Map.of());
        }
        if (RpkProfiles.isOne(root)) {
            Map<String, Written> profiles = RpkProfiles.of(root);
            String current = root.path("current_profile").asText("");
            return new ProfileFile(path, profiles.containsKey(current) ? current : null, profiles);
        }
        return AirflowExport.isOne(root)
                ? new ProfileFile(path, null, AirflowExport.of(path, root))
                : KstageProfiles.of(path, root);
    }

    private static ProfileFile ofLines(Path path, boolean isEnv, String text) {
        List<KeyValueLines.Line> lines = KeyValueLines.lines(path, text);
        if (isEnv || lines.stream().map(KeyValueLines.Line::value).allMatch(AirflowExport::isConnection)) {
            return new ProfileFile(path, null, AirflowExport.of(path, lines));
        }
        return single(path, Dialect.LIBRDKAFKA, KeyValueLines.kcat(path, text));
    }

    /** A file that is one profile, named after the file. */
    private static ProfileFile single(Path path, Dialect dialect, SortedMap<String, String> properties) {
        String fileName = String.valueOf(path.getFileName());
        int dot = fileName.lastIndexOf('.');
        String name = dot > 0 ? fileName.substring(0, dot) : fileName;
        return new ProfileFile(path, name, Map.of(name, Written.of(dialect, properties)));
    }

    /** The names of those that can be used. */
    List<String> names() {
        return profiles.entrySet().stream()
                .filter(entry -> entry.getValue().unusable() == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The profile that counts when none is named.
     *
     * @throws Failure if there is none, or more than one
     */
    String onlyName() {
        List<String> names = names();
        if (defaultName != null) {
            return defaultName;
        }
        if (names.size() == 1) {
            return names.get(0);
        }
        String unusable = profiles.entrySet().stream()
                .filter(entry -> entry.getValue().unusable() != null)
                .map(entry -> entry.getKey() + ": "
                        + Objects.requireNonNull(entry.getValue().unusable()))
                .reduce((left, right) -> left + "; " + right)
                .orElse("it has no profiles");
        throw new Failure(
                Failure.Kind.USAGE,
                path + " does not say which profile to use",
                names.isEmpty() ? unusable : "it has no `default:` and the profiles " + String.join(", ", names),
                names.isEmpty()
                        ? "name a file that has one"
                        : "name one with -p NAME, or add `default: NAME` to a file of kstage's own");
    }

    private static String line(JsonProcessingException e) {
        // Jackson's own location is the last token that was good; SnakeYAML has the line of the problem.
        if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return "line " + (yaml.getProblemMark().getLine() + 1) + ": ";
        }
        return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    }

    private static String firstLine(String message) {
        if (message.startsWith("Unrecognized token")) {
            // Jackson would go on with the token, which may be a secret without its quotes.
            return "a value that is neither in quotes nor a number, true, false or null";
        }
        // SnakeYAML says the context first and the problem in the third part of its message.
        List<String> lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.stream()
                .filter(line -> line.contains("expected") || line.contains("found") || line.contains("Duplicate"))
                .findFirst()
                .orElse(lines.isEmpty() ? "not YAML" : lines.get(0));
    }

    private void refuseDangerous() {
        if (FileRights.isOwn(path)) {
            return;
        }
        profiles.forEach((profile, written) -> written.properties().entrySet().stream()
                .filter(entry -> DANGEROUS.matcher(entry.getKey()).matches()
                        || (written.dialect() == Dialect.KSTAGE
                                && entry.getValue().contains("${")))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(key -> {
                    throw broken(
                            path,
                            "profile \"" + profile + "\" sets \"" + key + "\", and the file belongs to another user",
                            "properties that name code, commands, files or addresses, and ${...}, count only in a file of your own");
                }));
    }

    static Failure broken(Path path, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, "cannot use the profile file " + path, why, remedy);
    }
}
