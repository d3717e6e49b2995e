package dev.kstage.profile.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON or YAML to a tree whose scalars are unconverted texts: a password of digits is not a number. Messages
 * never show content of the document, which may contain secrets.
 */
final class ProfileTree {
    // A large file has hundreds. The limit keeps the time linear in the size of the file.
    static final int MOST_KEYS = 10_000;
    static final int MOST_LEVELS = 20;
    static final int LONGEST_KEY = 1_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Path path;
    private final JsonParser parser;
    private int keys;

    private ProfileTree(Path path, JsonParser parser) {
        this.path = path;
        this.parser = parser;
    }

    /**
     * @param path for messages
     * @return null if the document is empty
     * @throws Failure with the line of a syntax error
     */
    static @Nullable JsonNode of(Path path, byte[] content, boolean isJson) {
        JsonFactory factory = isJson ? new JsonFactory() : new YAMLFactory();
        try (JsonParser parser = factory.createParser(content)) {
            return new ProfileTree(path, parser).document();
        } catch (JsonProcessingException e) {
            int line = DocumentFault.line(e);
            throw ProfileFile.broken(
                    path,
                    (line > 0 ? "line " + line + ": " : "") + DocumentFault.reason(e, isJson),
                    "correct the file at that line");
        } catch (IOException e) {
            throw ProfileFile.broken(path, "it is not UTF-8 text", "convert the file to UTF-8");
        }
    }

    private @Nullable JsonNode document() throws IOException {
        JsonNode root = parser.nextToken() == null ? null : value(1);
        if (parser.nextToken() != null) {
            throw broken("it has a second document", "keep one of them");
        }
        return root;
    }

    private JsonNode value(int level) throws IOException {
        refuseAlias();
        if (level > MOST_LEVELS) {
            throw broken("it is nested deeper than " + MOST_LEVELS + " levels", "use fewer levels");
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(level);
            case START_ARRAY -> array(level);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_TRUE, VALUE_FALSE -> NODES.textNode(token.asString());
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NODES.textNode(parser.getText());
            default -> throw broken("it has a value of an unsupported type", "remove the tag before the value");
        };
    }

    private ObjectNode object(int level) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            refuseAlias();
            String key = parser.currentName();
            if (key.equals("<<") && parser instanceof YAMLParser) {
                throw broken("it has a merge key (<<)", "write the merged properties instead");
            }
            if (key.length() > LONGEST_KEY) {
                throw broken("it has a name of more than " + LONGEST_KEY + " characters", "use a shorter name");
            }
            count();
            if (object.has(key)) {
                throw broken("a name is used twice", "keep one of them");
            }
            parser.nextToken();
            object.set(key, value(level + 1));
        }
        return object;
    }

    private ArrayNode array(int level) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            count();
            array.add(value(level + 1));
        }
        return array;
    }

    private void count() {
        if (++keys > MOST_KEYS) {
            throw ProfileFile.broken(
                    path, "it has more than " + MOST_KEYS + " names and values", "split it into several files");
        }
    }

    private void refuseAlias() throws IOException {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw broken("it has an alias (*)", "write the value instead of the alias");
        }
    }

    private Failure broken(String why, String remedy) {
        return ProfileFile.broken(path, "line " + parser.currentTokenLocation().getLineNr() + ": " + why, remedy);
    }
}
