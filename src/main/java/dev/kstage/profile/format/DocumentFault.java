package dev.kstage.profile.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Set;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Describes a syntax error of a document without showing its content. Messages of parsers show the line or a token,
 * which may be a secret.
 */
final class DocumentFault {
    private static final Set<String> KNOWN = Set.of(
            "mapping values are not allowed here",
            "mapping keys are not allowed here",
            "sequence entries are not allowed here",
            "could not find expected ':'",
            "found unexpected end of stream",
            "found unexpected document separator");

    private DocumentFault() {}

    /** The line of the error, from 1; 0 if that is not known. */
    static int line(JsonProcessingException e) {
        // Jackson's own location is that of the last valid token; SnakeYAML knows the line of the error.
        if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return yaml.getProblemMark().getLine() + 1;
        }
        return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getLineNr());
    }

    static String reason(JsonProcessingException e, boolean isJson) {
        if (isJson) {
            return String.valueOf(e.getOriginalMessage()).startsWith("Unrecognized token")
                    ? "a value is neither in quotes nor a number, true, false or null"
                    : "it is not valid JSON";
        }
        String problem = e.getCause() instanceof MarkedYAMLException yaml ? String.valueOf(yaml.getProblem()) : "";
        int found = problem.indexOf(", but found");
        if (KNOWN.contains(problem)) {
            return problem;
        }
        if (problem.contains("(TAB)")) {
            return "YAML does not allow a tab here; use spaces";
        }
        // The expected token is part of YAML; the found one is content of the file.
        return problem.startsWith("expected ") && found > 0 ? problem.substring(0, found) : "it is not valid YAML";
    }
}
