package dev.kstage.profile;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the part of a URL before its host: {@code user:password@} (RFC 3986, section 3.2.1). */
final class UserInfo {
    private static final Pattern USER = Pattern.compile("://[^\\s/?#@:]*+:");

    private UserInfo() {}

    /**
     * The passwords in the URLs of a text, as written and decoded. An unencoded password may contain characters that
     * end a host. So everything up to the last {@code @} is a password, unless it is a port.
     */
    static List<String> passwordsIn(String text) {
        List<String> passwords = new ArrayList<>();
        Matcher user = USER.matcher(text);
        while (user.find()) {
            int space = endOfWord(text, user.end());
            int at = text.lastIndexOf('@', space - 1);
            String password = at < user.end() ? "" : text.substring(user.end(), at);
            if (!password.isEmpty() && !password.matches("\\d+[/?#].*")) {
                passwords.add(password);
                passwords.add(decoded(password));
            }
        }
        return passwords.stream().distinct().toList();
    }

    private static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != ',') {
            end++;
        }
        return end;
    }

    private static String decoded(String password) {
        try {
            return URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return password;
        }
    }
}
