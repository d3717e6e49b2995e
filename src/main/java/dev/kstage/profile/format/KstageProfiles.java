package dev.kstage.profile.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.profile.format.RawProfile.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parses kstage's own format: {@code default:} names a profile under {@code profiles:}, and each profile is a map of
 * client properties. Nested maps are joined with dots, lists with commas.
 */
final class KstageProfiles {
    private static final String REMEDY = "write `profiles:` and a map of profiles under it";

    private KstageProfiles() {}

    /** @throws dev.kstage.report.Failure if the document does not have this format */
    static Map<String, RawProfile> of(Path path, JsonNode root) {
        if (!root.isObject()) {
            throw ProfileFile.broken(
                    path,
                    "it is neither a map (kstage's YAML, rpk.yaml, Airflow's export) nor lines key=value",
                    REMEDY);
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!entry.getKey().equals("default") && !entry.getKey().equals("profiles")) {
                throw ProfileFile.broken(
                        path,
                        "it has \"" + entry.getKey() + "\" at its top level, and is neither an Airflow"
                                + " export nor rpk.yaml nor lines key=value",
                        "kstage's own format has only `default:` and `profiles:` at its top level");
            }
        }
        Map<String, RawProfile> profiles = new LinkedHashMap<>();
        JsonNode section = root.path("profiles");
        if (!section.isMissingNode() && !section.isNull() && !section.isObject()) {
            throw ProfileFile.broken(
                    path,
                    "`profiles:` is not a map",
                    "give each profile a name, and write its properties under" + " the name");
        }
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            if (!entry.getValue().isObject()) {
                throw ProfileFile.broken(
                        path,
                        "profile \"" + entry.getKey() + "\" is not a map",
                        "write properties such as `bootstrap.servers: localhost:29092` under it");
            }
            SortedMap<String, String> properties = new TreeMap<>();
            flatten(path, entry.getKey(), "", entry.getValue(), properties);
            profiles.put(entry.getKey(), RawProfile.of(Dialect.KSTAGE, properties));
        }
        return profiles;
    }

    /**
     * The default profile, or null.
     *
     * @throws dev.kstage.report.Failure if that profile does not exist
     */
    static @Nullable String defaultName(Path path, JsonNode root, Map<String, RawProfile> profiles) {
        JsonNode named = root.path("default");
        String defaultName = named.isMissingNode() || named.isNull() ? null : named.asText();
        if (defaultName != null && !profiles.containsKey(defaultName)) {
            throw ProfileFile.broken(
                    path,
                    "its default profile \"" + defaultName + "\" does not exist",
                    "correct `default:` or add the profile");
        }
        return defaultName;
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
                throw ProfileFile.broken(
                        path,
                        "property \"" + key + "\" of profile \"" + profile + "\" has no value",
                        "give it a value, or \"\" for an empty value");
            } else {
                into.put(key, value.asText());
            }
        }
    }
}
