package dev.kstage.kafka.client;

import dev.kstage.profile.Profile;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** The TLS properties of a profile, with the names under which the user wrote them. */
public record TlsSettings(Profile profile) {
    private String property(String key) {
        return profile.properties().getOrDefault(key, "");
    }

    /** The value of {@code security.protocol}, with its default. */
    public String protocol() {
        String given = property(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return given.isBlank()
                ? CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL
                : given.strip().toUpperCase(Locale.ROOT);
    }

    public boolean isOn() {
        return protocol().endsWith("SSL");
    }

    /** The {@code security.protocol} that keeps the login, or its absence, and changes the rest. */
    public String otherProtocol() {
        String login = protocol().startsWith("SASL") ? "SASL_" : "";
        return login + (isOn() ? "PLAINTEXT" : "SSL");
    }

    /** What says whom to trust, as "ssl.truststore.location (FILE)"; empty if nothing does. */
    public String trust() {
        String file = property(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        if (!file.isEmpty()) {
            return written("ssl.ca.location", SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG) + " (" + file + ")";
        }
        return property(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG).isEmpty()
                ? ""
                : written("ssl.ca.pem", SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    }

    /** What holds the client's certificate, by name; empty if there is none. */
    public String identity() {
        String file = property(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        if (!file.isEmpty()) {
            return SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG + " (" + file + ")";
        }
        if (property(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG).isEmpty()) {
            return "";
        }
        return written(
                "ssl.certificate.location",
                written("ssl.certificate.pem", SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG));
    }

    /** What limits the versions and ciphers, as "a=b, c=d"; empty if nothing does. */
    public String limits() {
        SortedMap<String, String> properties = profile.properties();
        return Stream.of(
                        SslConfigs.SSL_PROTOCOL_CONFIG,
                        SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
                        SslConfigs.SSL_CIPHER_SUITES_CONFIG)
                .filter(key -> !property(key).isBlank())
                .map(key -> key + "=" + properties.get(key))
                .reduce((some, more) -> some + ", " + more)
                .orElse("");
    }

    /** The name by which it was given: librdkafka's, if it was translated from that. */
    private String written(String librdkafka, String java) {
        List<String> translated =
                profile.changes().stream().map(change -> change.from()).toList();
        return translated.contains(librdkafka) ? librdkafka : java;
    }
}
