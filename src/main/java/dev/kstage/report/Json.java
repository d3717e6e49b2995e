package dev.kstage.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A report as one JSON document on one line; its keys are the names of the record's components. */
public final class Json {
    // Every key is present, with null for no value: scripts need no "has" before "get".
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private Json() {}

    /** The document of a record, a map or a list, without a line break. */
    public static String document(Object report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a report as JSON: " + report.getClass(), e);
        }
    }

    /**
     * The document with every text replaced by {@code replacement}, before it is serialised, so that the result is
     * valid JSON. Numbers and keys do not change.
     */
    public static String document(Object report, UnaryOperator<String> replacement) {
        return document(replaced(MAPPER.valueToTree(report), replacement));
    }

    private static JsonNode replaced(JsonNode node, UnaryOperator<String> replacement) {
        if (node.isTextual()) {
            return TextNode.valueOf(replacement.apply(node.textValue()));
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(replaced(field.getValue(), replacement)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, replaced(array.get(i), replacement));
            }
        }
        return node;
    }

    /** The document, safe for a terminal: characters that {@link Text#harmless} escapes become JSON escapes. */
    public static String harmless(String document) {
        StringBuilder shown = new StringBuilder(document.length());
        for (int i = 0; i < document.length(); i++) {
            char c = document.charAt(i);
            if (Text.isHarmful(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }
}
