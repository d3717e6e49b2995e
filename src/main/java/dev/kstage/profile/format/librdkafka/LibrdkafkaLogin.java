package dev.kstage.profile.format.librdkafka;

import dev.kstage.profile.Jaas;
import dev.kstage.profile.PropertyChange.Weight;
import java.util.LinkedHashMap;
import java.util.Map;

/** Translates librdkafka's SASL properties to a login module of Java. */
final class LibrdkafkaLogin {
    static final String MECHANISM = "sasl.mechanism";

    private static final String PROTOCOL = "security.protocol";
    private static final String JAAS = "sasl.jaas.config";
    private static final String USER = "sasl.username";
    private static final String PASSWORD = "sasl.password";
    private static final String OAUTH = "sasl.oauthbearer.";
    private static final String METHOD = OAUTH + "method";
    private static final String EXTENSIONS = OAUTH + "extensions";
    private static final String HANDLER = "sasl.login.callback.handler.class";

    private LibrdkafkaLogin() {}

    static void translate(ProfileTranslation draft, boolean foreign) {
        String mechanism = draft.get(MECHANISM, "");
        if (draft.has(JAAS)) {
            draft.drop(USER, JAAS + " is set too", Weight.NOTED);
            draft.drop(PASSWORD, JAAS + " is set too", Weight.NOTED);
            return;
        }
        boolean usesSasl = draft.get(PROTOCOL, "").startsWith("SASL_");
        if (mechanism.equals("OAUTHBEARER")) {
            draft.drop(USER, "OAUTHBEARER logs in with a token", Weight.NOTED);
            draft.drop(PASSWORD, "OAUTHBEARER logs in with a token", Weight.NOTED);
            oauth(draft, foreign && usesSasl);
        } else if (draft.has(USER) || draft.has(PASSWORD)) {
            password(draft, mechanism, usesSasl);
        } else if (foreign && usesSasl && (mechanism.isEmpty() || mechanism.equals("GSSAPI"))) {
            throw draft.unusable(
                    mechanism.isEmpty() ? PROTOCOL : MECHANISM,
                    mechanism.isEmpty()
                            ? "the default of sasl.mechanism is GSSAPI (Kerberos), which kstage does not support"
                            : "kstage does not support GSSAPI (Kerberos)",
                    "set sasl.mechanism to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER, and add its"
                            + " credentials");
        }
    }

    private static void password(ProfileTranslation draft, String mechanism, boolean usesSasl) {
        String user = draft.get(USER);
        String password = draft.get(PASSWORD);
        if (user == null || password == null) {
            throw draft.unusable(
                    user == null ? PASSWORD : USER,
                    "there is no " + (user == null ? USER : PASSWORD) + " beside it",
                    "set both, or none");
        }
        if (!usesSasl) {
            draft.drop(USER, notUsed(draft), Weight.WARNED);
            draft.drop(PASSWORD, notUsed(draft), Weight.WARNED);
            return;
        }
        if (!mechanism.equals("PLAIN") && !mechanism.startsWith("SCRAM-SHA-")) {
            throw draft.unusable(
                    MECHANISM,
                    mechanism.isEmpty()
                            ? "there is " + USER + ", but no sasl.mechanism"
                            : "a user name and a password do not work with " + mechanism,
                    "set sasl.mechanism to PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
        }
        Map<String, String> options = new LinkedHashMap<>();
        options.put("username", user);
        options.put("password", password);
        String module = mechanism.equals("PLAIN") ? Jaas.PLAIN : Jaas.SCRAM;
        String why = "Java's login module for " + mechanism + " reads it from there";
        draft.turn(USER, JAAS, Jaas.config(module, options), why);
        draft.turn(PASSWORD, JAAS, Jaas.config(module, options), why);
    }

    private static String notUsed(ProfileTranslation draft) {
        String protocol = draft.get(PROTOCOL, "");
        return "security.protocol is " + (protocol.isEmpty() ? "not set, which means PLAINTEXT" : protocol)
                + ", so there is no login";
    }

    private static void oauth(ProfileTranslation draft, boolean mustLogIn) {
        String method = draft.get(METHOD, "");
        if (!method.equalsIgnoreCase("oidc")) {
            if (mustLogIn) {
                throw draft.unusable(
                        MECHANISM,
                        draft.has("oauth_cb")
                                ? "oauth_cb is Python code that fetches the token, and kstage can't run it"
                                : "without sasl.oauthbearer.method=oidc the application must fetch the token",
                        "set sasl.oauthbearer.method=oidc with client id, client secret and token.endpoint.url");
            }
            return;
        }
        if (!draft.has(OAUTH + "token.endpoint.url")) {
            throw draft.unusable(METHOD, "the token endpoint is not set", "set sasl.oauthbearer.token.endpoint.url");
        }
        draft.rename(OAUTH + "client.id", OAUTH + "client.credentials.client.id");
        draft.rename(OAUTH + "client.secret", OAUTH + "client.credentials.client.secret");
        Map<String, String> options = new LinkedHashMap<>();
        for (String extension : draft.get(EXTENSIONS, "").split(",", -1)) {
            int equals = extension.indexOf('=');
            if (equals > 0) {
                options.put(
                        "extension_" + extension.substring(0, equals).strip(),
                        extension.substring(equals + 1).strip());
            }
        }
        String jaas = Jaas.config(Jaas.OAUTH, options);
        if (draft.has(EXTENSIONS)) {
            draft.turn(EXTENSIONS, JAAS, jaas, "Java's login module reads them from there");
        }
        draft.turn(METHOD, JAAS, jaas, "Java's login module and its callback handler fetch the token");
        draft.put(HANDLER, "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
        draft.drop(OAUTH + "config", "it is for unsecured tokens only", Weight.NOTED);
    }
}
