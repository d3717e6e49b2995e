package dev.kstage.profile.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.profile.Profile;
import dev.kstage.profile.format.RawProfile.Dialect;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Profiles of Redpanda's rpk: {@code profiles[].kafka_api} of its {@code rpk.yaml}. */
final class RpkProfiles {
    private RpkProfiles() {}

    /** Whether this document is such a file. */
    static boolean isOne(JsonNode root) {
        return root.path("profiles").isArray();
    }

    static Map<String, RawProfile> of(JsonNode root) {
        Map<String, RawProfile> profiles = new LinkedHashMap<>();
        for (JsonNode profile : root.path("profiles")) {
            profiles.put(profile.path("name").asText("rpk"), of(profile, profile.path("kafka_api")));
        }
        return profiles;
    }

    private static RawProfile of(JsonNode profile, JsonNode api) {
        if (!profile.has("kafka_api")) {
            return RawProfile.unusable("it has no kafka_api");
        }
        SortedMap<String, String> properties = new TreeMap<>();
        StringJoiner servers = new StringJoiner(",");
        api.path("brokers").forEach(broker -> servers.add(broker.asText()));
        // The default of rpk.
        properties.put(Profile.BOOTSTRAP_SERVERS, servers.length() == 0 ? "127.0.0.1:9092" : servers.toString());
        // The key alone is enough, even without content.
        boolean usesTls = api.has("tls");
        JsonNode tls = api.path("tls");
        put(properties, "ssl.ca.location", tls.path(tls.has("ca_file") ? "ca_file" : "truststore_file"));
        put(properties, "ssl.certificate.location", tls.path("cert_file"));
        put(properties, "ssl.key.location", tls.path("key_file"));
        if (tls.path("insecure_skip_verify").asBoolean()) {
            properties.put("enable.ssl.certificate.verification", "false");
        }
        JsonNode sasl = api.path("sasl");
        boolean usesSasl = sasl.hasNonNull("user") || sasl.hasNonNull("mechanism");
        put(properties, "sasl.username", sasl.path("user"));
        put(properties, "sasl.password", sasl.path("password"));
        put(properties, "sasl.mechanism", sasl.path(sasl.has("mechanism") ? "mechanism" : "type"));
        properties.put("security.protocol", (usesSasl ? "SASL_" : "") + (usesTls ? "SSL" : "PLAINTEXT"));
        if (usesSasl
                && properties
                        .getOrDefault("sasl.mechanism", "")
                        .toUpperCase(Locale.ROOT)
                        .equals("CLOUD-OIDC")) {
            return RawProfile.unusable("it uses a Redpanda Cloud token, which only rpk can fetch");
        }
        return RawProfile.of(Dialect.LIBRDKAFKA, properties);
    }

    private static void put(SortedMap<String, String> properties, String key, JsonNode value) {
        if (!value.asText("").isEmpty() && !value.isNull()) {
            properties.put(key, value.asText());
        }
    }
}
