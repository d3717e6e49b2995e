package dev.kstage.profile.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.report.Failure;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A file of {@code airflow connections export} or for {@code airflow connections import}: a map of connections by id
 * in JSON or YAML, or lines {@code id=connection}.
 */
public final class AirflowExport {
    /** The prefix of environment variables with a connection. */
    public static final String VARIABLE = "AIRFLOW_CONN_";

    private static final List<String> PARTS = List.of("conn_type", "extra", "extra_dejson", "host", "login");

    private AirflowExport() {}

    /** Whether this document is such a file. */
    static boolean isOne(JsonNode root) {
        return root.isObject()
                && !root.has("profiles")
                && !root.has("default")
                && StreamSupport.stream(root.spliterator(), false).anyMatch(AirflowExport::isConnection);
    }

    private static boolean isConnection(JsonNode value) {
        JsonNode one = value.isArray() && value.size() == 1 ? value.get(0) : value;
        return one.isTextual() ? isConnection(one.asText()) : PARTS.stream().anyMatch(one::has);
    }

    /** Whether a text, in quotes or not, looks like a connection. */
    static boolean isConnection(String written) {
        String text = withoutQuotes(written.strip());
        return text.startsWith("{") || text.matches("(?s)[A-Za-z][A-Za-z0-9+._-]*://.*");
    }

    static Map<String, RawProfile> of(Path path, JsonNode root) {
        Map<String, RawProfile> connections = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            JsonNode value = entry.getValue();
            if (value.isArray() && value.size() > 1) {
                throw several(path, entry.getKey());
            }
            connections.put(entry.getKey(), AirflowConnection.ofTree(value.isArray() ? value.path(0) : value));
        }
        return connections;
    }

    /**
     * Parses lines {@code id=connection}; lines of a shell file, {@code AIRFLOW_CONN_ID='...'}, are supported too.
     */
    static Map<String, RawProfile> of(Path path, List<KeyValueLines.Line> lines) {
        Map<String, RawProfile> connections = new LinkedHashMap<>();
        for (KeyValueLines.Line line : lines) {
            String key = line.key().replaceFirst("^export\\s+", "");
            String id =
                    key.startsWith(VARIABLE) ? key.substring(VARIABLE.length()).toLowerCase(Locale.ROOT) : key;
            if (connections.put(
                            id,
                            AirflowConnection.ofText(withoutQuotes(line.value().strip())))
                    != null) {
                throw several(path, id);
            }
        }
        return connections;
    }

    private static String withoutQuotes(String value) {
        boolean isQuoted = value.length() > 1
                && (value.startsWith("'") || value.startsWith("\""))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    private static Failure several(Path path, String id) {
        return ProfileFile.broken(path, "it has connection \"" + id + "\" more than once", "keep one of them");
    }
}
