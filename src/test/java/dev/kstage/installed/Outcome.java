package dev.kstage.installed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process left when it ended.
 *
 * @param command its arguments, for messages
 * @param code its exit code; 128 + the number of a signal that killed it
 * @param time from its start to its end
 */
public record Outcome(String command, int code, String stdout, String stderr, Duration time) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The same, if the code is the expected one. */
    public Outcome expect(int expected) {
        if (code != expected) {
            throw new AssertionError("expected code " + expected + " from: " + this);
        }
        return this;
    }

    /** Standard output, line by line. */
    public List<String> lines() {
        return stdout.lines().toList();
    }

    /** The last line of standard output, which is where a script looks for the report. */
    public JsonNode report() {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            throw new AssertionError("nothing on standard output of: " + this);
        }
        return json(lines.get(lines.size() - 1));
    }

    /** The last line of standard error, which has the report where standard output is the data. */
    public JsonNode reportBeside() {
        List<String> lines = stderr.lines().toList();
        if (lines.isEmpty()) {
            throw new AssertionError("nothing on standard error of: " + this);
        }
        return json(lines.get(lines.size() - 1));
    }

    /** A JSON text as a tree. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** The names of an object's fields, in their order. */
    public static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Override
    public String toString() {
        return command + "\ncode " + code + " after " + time.toMillis() + " ms\n--- stdout\n" + start(stdout)
                + "\n--- stderr\n" + start(stderr);
    }

    private static String start(String text) {
        return text.length() > 4_000 ? text.substring(0, 4_000) + "…" : text;
    }
}
