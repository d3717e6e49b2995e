package dev.kstage.profile;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds and parses {@code sasl.jaas.config}: a login module and its options, quoted for Java's {@code
 * StreamTokenizer}, which Kafka clients use.
 */
public final class Jaas {
    private static final String SECURITY = "org.apache.kafka.common.security.";
    public static final String PLAIN = SECURITY + "plain.PlainLoginModule";
    public static final String SCRAM = SECURITY + "scram.ScramLoginModule";
    public static final String OAUTH = SECURITY + "oauthbearer.OAuthBearerLoginModule";

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-3]?[0-7]{1,2}|.)", Pattern.DOTALL);

    private Jaas() {}

    /** @param options in their order */
    public static String config(String module, Map<String, String> options) {
        StringBuilder config = new StringBuilder(module).append(" required");
        options.forEach((name, value) -> config.append(' ')
                .append(name)
                .append("=\"")
                .append(escaped(value))
                .append('"'));
        return config.append(';').toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    /** The value that a login module receives for a quoted option. */
    static String unescaped(String written) {
        return ESCAPED.matcher(written).replaceAll(match -> Matcher.quoteReplacement(plain(match.group(1))));
    }

    private static String plain(String escaped) {
        return switch (escaped) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "a" -> "\u0007";
            case "b" -> "\b";
            case "f" -> "\f";
            case "v" -> "\u000b";
            default -> escaped.matches("[0-7]+") ? String.valueOf((char) Integer.parseInt(escaped, 8)) : escaped;
        };
    }
}
