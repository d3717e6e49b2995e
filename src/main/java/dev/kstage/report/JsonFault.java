package dev.kstage.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.regex.Pattern;

/** Describes a syntax error of a JSON text for its author. */
public final class JsonFault {
    // The parser's own locations, and hints for programmers.
    private static final List<Pattern> PARSER_DETAILS = List.of(
            Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[[^\\]]*]\\)"),
            Pattern.compile(" at \\[Source: [^\\]]*]"),
            Pattern.compile(" in null$"),
            Pattern.compile("[:;] enable `[^`]*` to allow"),
            Pattern.compile(" \\(not recognized as one since [^)]*\\)"),
            Pattern.compile(", from `StreamReadConstraints[^`]*`"));
    private static final Pattern END_WITHOUT_COLON = Pattern.compile("^Unexpected end-of-input(?=[^: ])");

    private JsonFault() {}

    /** The parser's message in one line, without the parts for programmers. */
    public static String of(JsonProcessingException thrown) {
        String message =
                String.valueOf(thrown.getOriginalMessage()).lines().findFirst().orElse("");
        for (Pattern pattern : PARSER_DETAILS) {
            message = pattern.matcher(message).replaceAll("");
        }
        return END_WITHOUT_COLON.matcher(message).replaceFirst("Unexpected end-of-input: ");
    }
}
