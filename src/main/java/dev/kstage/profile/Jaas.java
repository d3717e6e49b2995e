package dev.kstage.profile;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code sasl.jaas.config}: a login module and its options, quoted as Kafka's clients read it, which is
 * by Java's {@code StreamTokenizer}.
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

    /** What a login module is given for an option that is written like this. */
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
