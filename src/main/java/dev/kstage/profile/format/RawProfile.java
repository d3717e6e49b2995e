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
 * A profile as it is written somewhere, before placeholders are filled in and names translated.
 *
 * @param dialect whose names its properties have
 * @param properties its properties, with secrets
 * @param changes what reading it has changed already
 * @param unusable why it can't be used, in words that fit after "because"; null if it can
 */
public record RawProfile(
        Dialect dialect,
        SortedMap<String, String> properties,
        List<PropertyChange> changes,
        @Nullable String unusable) {
    /** Whose names the properties have. */
    enum Dialect {
        /** Kafka's Java clients', in a file of kstage's own format: values may hold placeholders. */
        KSTAGE,
        /** Kafka's Java clients'. */
        JAVA,
        /** librdkafka's, and with it those of kcat and of Python's confluent-kafka. */
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

    /** The servers as far as they can be told without translating all; empty if there are none. */
    public String servers() {
        return properties.getOrDefault(Profile.BOOTSTRAP_SERVERS, properties.getOrDefault(Librdkafka.BROKER_LIST, ""));
    }

    /** Whether it holds secrets itself, rather than naming where they are. */
    public boolean hasSecrets() {
        return properties.entrySet().stream()
                .anyMatch(entry -> Profile.isSecret(entry.getKey())
                        && !entry.getValue().isBlank()
                        && !(dialect == Dialect.KSTAGE && entry.getValue().contains("${")));
    }

    /**
     * The profile that it means.
     *
     * @param environment for placeholders
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
