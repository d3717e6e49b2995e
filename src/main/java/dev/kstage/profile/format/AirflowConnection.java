package dev.kstage.profile.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.profile.PropertyChange.Weight;
import dev.kstage.profile.format.RawProfile.Dialect;
import dev.kstage.profile.format.librdkafka.Librdkafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An Airflow 3 connection of type kafka: its {@code extra} contains librdkafka properties, and no other field is
 * used. A text that starts with a brace is JSON. Any other text is a URI, parsed like {@code
 * airflow.models.connection}.
 */
public final class AirflowConnection {
    private static final String DEFAULT_PORT = "9092";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private AirflowConnection() {}

    /** @param text the value of a variable {@code AIRFLOW_CONN_ID} or of a line of an exported {@code .env} */
    public static RawProfile ofText(String text) {
        String stripped = text.strip();
        if (stripped.indexOf('\ufffd') >= 0) {
            return RawProfile.unusable(
                    "it has characters that this locale does not support; set LC_ALL=C.UTF-8, or use a"
                            + " percent-encoded URI");
        }
        if (!stripped.startsWith("{")) {
            return ofUri(stripped);
        }
        JsonNode tree = parsed(stripped);
        return tree == null || !tree.isObject() ? RawProfile.unusable("its JSON is not valid") : ofTree(tree);
    }

    /** @param tree an object with {@code conn_type}, {@code extra} and the rest, or a text */
    static RawProfile ofTree(JsonNode tree) {
        if (tree.isTextual()) {
            return ofText(tree.asText());
        }
        JsonNode extra = tree.path(tree.hasNonNull("extra_dejson") ? "extra_dejson" : "extra");
        if (extra.isTextual() && !extra.asText().isBlank()) {
            extra = parsed(extra.asText());
        }
        return written(
                tree.path("conn_type").asText(""),
                servers(tree.path("host").asText(""), tree.path("port").asText("")),
                tree.hasNonNull("login") || tree.hasNonNull("password"),
                extra);
    }

    private static RawProfile ofUri(String text) {
        AirflowUri uri = AirflowUri.parse(text);
        if (uri == null) {
            return RawProfile.unusable(
                    "it is neither JSON nor a URI such as kafka:///?bootstrap.servers=HOST%3APORT; in a URI, write"
                            + " the :// of other addresses as %3A%2F%2F");
        }
        String whole = uri.query().get("__extra__");
        JsonNode extra = whole == null ? ofQuery(uri.query()) : parsed(whole);
        return written(uri.type(), servers(uri.host(), uri.port()), uri.hasLogin(), extra);
    }

    /** Airflow parses a value that is JSON: {@code "x"} loses its quotes. */
    private static ObjectNode ofQuery(Map<String, String> query) {
        ObjectNode extra = MAPPER.createObjectNode();
        query.forEach((key, value) -> {
            JsonNode meaning = value.isEmpty() ? null : parsed(value);
            extra.set(key, meaning == null ? extra.textNode(value) : meaning);
        });
        return extra;
    }

    private static RawProfile written(String type, String servers, boolean hasLogin, @Nullable JsonNode extra) {
        if (extra == null || !(extra.isObject() || isNothing(extra))) {
            return RawProfile.unusable("its extra is not a JSON object");
        }
        SortedMap<String, String> properties = new TreeMap<>();
        List<PropertyChange> changes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : extra.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                changes.add(new PropertyChange(entry.getKey(), null, "it has no value", Weight.NOTED));
            } else {
                properties.put(entry.getKey(), value.isValueNode() ? value.asText() : value.toString());
            }
        }
        boolean isKafka = type.equals("kafka");
        boolean namesServers =
                properties.containsKey(Profile.BOOTSTRAP_SERVERS) || properties.containsKey(Librdkafka.BROKER_LIST);
        if (!isKafka && !(type.isEmpty() && namesServers)) {
            return RawProfile.unusable(
                    type.isEmpty() ? "it has no conn_type" : "its conn_type is " + type + ", not kafka");
        }
        if (!namesServers && !servers.isEmpty()) {
            properties.put(Profile.BOOTSTRAP_SERVERS, servers);
            changes.add(new PropertyChange(
                    "host",
                    Profile.BOOTSTRAP_SERVERS,
                    "extra has no bootstrap.servers; Airflow ignores host and port, so it will fail",
                    Weight.WARNED));
        }
        if (hasLogin) {
            changes.add(new PropertyChange(
                    "login",
                    null,
                    "only extra is used, by Airflow too; put sasl.username and sasl.password there",
                    Weight.WARNED));
        }
        return new RawProfile(Dialect.LIBRDKAFKA, properties, changes, null);
    }

    private static boolean isNothing(JsonNode extra) {
        return extra.isMissingNode()
                || extra.isNull()
                || (extra.isTextual() && extra.asText().isBlank());
    }

    /** The servers in host and port; a host may contain several servers. */
    private static String servers(String host, String port) {
        if (host.isBlank()) {
            return "";
        }
        List<String> servers = new ArrayList<>();
        for (String each : host.split(",", -1)) {
            String one = each.strip();
            if (!one.matches(".*[^:\\]]:\\d+|\\[.*]:\\d+")) {
                one = (one.contains(":") && !one.startsWith("[") ? "[" + one + "]" : one) + ":"
                        + (port.isEmpty() ? DEFAULT_PORT : port);
            }
            servers.add(one);
        }
        return String.join(",", servers);
    }

    private static @Nullable JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            // Jackson's message could contain a secret of the text.
            return null;
        }
    }
}
