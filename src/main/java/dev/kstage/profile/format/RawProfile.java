package dev.kstage.profile.format;

import dev.kstage.profile.Placeholders;
import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.profile.format.librdkafka.Librdkafka;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A profile as written, before placeholders are replaced and names translated.
 *
 * @param dialect the naming of its properties
 * @param properties its properties, with secrets
 * @param changes changes that the parser made
 * @param unusable why it can't be used, to follow "because"; null if it can
 */
public record RawProfile(
        Dialect dialect,
        SortedMap<String, String> properties,
        List<PropertyChange> changes,
        @Nullable String unusable) {
    /** The naming of the properties. */
    enum Dialect {
        /** Names of Kafka's Java clients, in kstage's own format: values may contain placeholders. */
        KSTAGE,
        /** Names of Kafka's Java clients. */
        JAVA,
        /** Names of librdkafka, and so of kcat and of Python's confluent-kafka. */
        LIBRDKAFKA
    }

    public RawProfile {
        properties = new TreeMap<>(properties);
        changes = List.copyOf(changes);
    }

    static RawProfile of(Dialect dialect, SortedMap<String, String> properties) {
        return new RawProfile(dialect, properties, List.of(), null);
    }

    static RawProfile unusable(String why) {
        return new RawProfile(Dialect.LIBRDKAFKA, new TreeMap<>(), List.of(), why);
    }

    /** The servers, if they are known without a translation; else empty. */
    public String servers() {
        return properties.getOrDefault(Profile.BOOTSTRAP_SERVERS, properties.getOrDefault(Librdkafka.BROKER_LIST, ""));
    }

    /** Whether it contains secrets itself, not only placeholders for them. */
    public boolean hasSecrets() {
        return properties.entrySet().stream()
                .anyMatch(entry -> Profile.isSecret(entry.getKey())
                        && !entry.getValue().isBlank()
                        && !(dialect == Dialect.KSTAGE && entry.getValue().contains("${")));
    }

    /**
     * The usable profile.
     *
     * @param environment values of placeholders
     * @throws dev.kstage.report.Failure if it can't be used
     */
    public Profile profile(String name, Map<String, String> environment) {
        Placeholders.Filled filled = dialect == Dialect.KSTAGE
                ? Placeholders.filled(name, properties, environment)
                : new Placeholders.Filled(properties, Set.of());
        return Librdkafka.translated(
                new Profile(name, filled.properties(), changes, filled.texts()), dialect == Dialect.LIBRDKAFKA);
    }
}
