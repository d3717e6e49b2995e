package dev.kstage.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A YAML file of profiles: {@code default:} names one of those under {@code profiles:}, each a map of
 * Kafka client properties. Nested maps are joined by dots, lists by commas.
 *
 * @param path where it was read
 * @param defaultName the profile that is used when none is named, or null
 * @param profiles the properties of each profile, placeholders not yet replaced
 */
public record ProfileFile(Path path, @Nullable String defaultName, Map<String, SortedMap<String, String>> profiles) {
    // What names code to load, a command to run or a place to fetch from: another user's file must not.
    private static final Pattern DANGEROUS = Pattern.compile(".*\\.class(es)?|interceptor\\.classes|metric\\.reporters"
            + "|config\\.providers.*|security\\.providers|.*callback\\.handler\\.class|sasl\\.kerberos\\.kinit\\.cmd"
            + "|sasl\\.jaas\\.config|.*\\.url|ssl\\..*location");

    /**
     * @throws Failure if it can't be read or is not such a file; the message has the line where YAML
     *     itself is broken
     */
    public static ProfileFile read(Path path) {
        if (Files.isDirectory(path)) {
            throw broken(path, "it is a directory", "name the YAML file in it");
        }
        try {
            byte[] content = Files.readAllBytes(path);
            JsonNode root = mapperOf(content)
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(content);
            if (root == null || root.isMissingNode() || root.isNull()) {
                return new ProfileFile(path, null, Map.of());
            }
            return checked(path, root);
        } catch (NoSuchFileException e) {
            throw broken(path, "there is no such file", "check the path, or write profiles to it");
        } catch (JsonProcessingException e) {
            throw broken(path, line(e) + firstLine(e.getOriginalMessage()), "correct the YAML at that line");
        } catch (IOException e) {
            throw broken(path, String.valueOf(e.getMessage()), "make it readable for you");
        }
    }

    /** A file that starts like JSON is read as such, which is the sooner done: kstage's own are. */
    private static MapperBuilder<?, ?> mapperOf(byte[] content) {
        return content.length > 0 && content[0] == '{' ? JsonMapper.builder() : YAMLMapper.builder();
    }

    private static String line(JsonProcessingException e) {
        // Jackson's own location is the last token that was good; SnakeYAML has the line of the problem.
        if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return "line " + (yaml.getProblemMark().getLine() + 1) + ": ";
        }
        return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    }

    private static String firstLine(String message) {
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

    private static ProfileFile checked(Path path, JsonNode root) {
        if (!root.isObject()) {
            throw broken(path, "it is not a map", "write `profiles:` with a map of profiles under it");
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals("default") && !entry.getKey().equals("profiles")) {
                throw broken(
                        path,
                        "it has \"" + entry.getKey() + "\" at its top",
                        "only `default:` and `profiles:` stand there");
            }
        }
        Map<String, SortedMap<String, String>> profiles = new LinkedHashMap<>();
        JsonNode section = root.path("profiles");
        if (!section.isMissingNode() && !section.isNull() && !section.isObject()) {
            throw broken(path, "`profiles:` is not a map", "give each profile a name, and properties under it");
        }
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            if (!entry.getValue().isObject()) {
                throw broken(
                        path,
                        "profile \"" + entry.getKey() + "\" is not a map",
                        "write properties such as `bootstrap.servers: localhost:29092` under it");
            }
            SortedMap<String, String> properties = new TreeMap<>();
            flatten(path, entry.getKey(), "", entry.getValue(), properties);
            profiles.put(entry.getKey(), properties);
        }
        refuseDangerous(path, profiles);
        JsonNode named = root.path("default");
        String defaultName = named.isMissingNode() || named.isNull() ? null : named.asText();
        if (defaultName != null && !profiles.containsKey(defaultName)) {
            throw broken(
                    path,
                    "its default \"" + defaultName + "\" is not among its profiles",
                    "correct `default:` or add the profile");
        }
        return new ProfileFile(path, defaultName, profiles);
    }

    private static void flatten(
            Path path, String profile, String prefix, JsonNode node, SortedMap<String, String> into) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                flatten(path, profile, key + ".", value, into);
            } else if (value.isArray()) {
                List<String> items = new ArrayList<>();
                value.forEach(item -> items.add(item.asText()));
                into.put(key, String.join(",", items));
            } else if (value.isNull()) {
                throw broken(
                        path,
                        "property \"" + key + "\" of profile \"" + profile + "\" has no value",
                        "give it one, or \"\" for an empty one");
            } else {
                into.put(key, value.asText());
            }
        }
    }

    private static void refuseDangerous(Path path, Map<String, SortedMap<String, String>> profiles) {
        if (isOwn(path)) {
            return;
        }
        profiles.forEach((profile, properties) -> properties.entrySet().stream()
                .filter(entry -> DANGEROUS.matcher(entry.getKey()).matches()
                        || entry.getValue().contains("${"))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(key -> {
                    throw broken(
                            path,
                            "profile \"" + profile + "\" sets \"" + key + "\", and the file belongs to another user",
                            "properties that name code, commands, files or addresses, and ${...}, count only in a file of your own");
                }));
    }

    /** The user's own, or root's, who could do anything anyway (mounted secrets are root's). */
    private static boolean isOwn(Path path) {
        try {
            Object owner = Files.getAttribute(path, "unix:uid");
            return owner.equals(0) || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // No Linux: then by name.
            return hasOwnName(path);
        }
    }

    private static boolean hasOwnName(Path path) {
        try {
            return Files.getOwner(path).getName().equals(System.getProperty("user.name"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Failure broken(Path path, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, "cannot use the profile file " + path, why, remedy);
    }
}
