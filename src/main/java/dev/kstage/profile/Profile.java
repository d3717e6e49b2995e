package dev.kstage.profile;

import dev.kstage.report.Redactor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A named, flat map of Kafka client properties, with the names of the Java client.
 *
 * @param name its name, or the bootstrap server if it has no name
 * @param properties its properties, with secrets
 * @param changes properties that were changed while reading the profile
 * @param filledIn values of placeholders that may be secret
 */
public record Profile(
        String name, SortedMap<String, String> properties, List<PropertyChange> changes, Set<String> filledIn) {
    /** The property with the bootstrap servers. */
    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    private static final Pattern SECRET_KEY = Pattern.compile(
            "password|passphrase|secret|jaas|keystore\\.key|ssl\\.key\\.pem|token(?!\\.endpoint)|basic\\.auth");

    public Profile {
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
        changes = List.copyOf(changes);
        filledIn = Set.copyOf(filledIn);
    }

    /** A profile whose properties were not changed. */
    public Profile(String name, SortedMap<String, String> properties) {
        this(name, properties, List.of(), Set.of());
    }

    /** The bootstrap servers, separated by commas; empty if there are none. */
    public String bootstrapServers() {
        return properties.getOrDefault(BOOTSTRAP_SERVERS, "");
    }

    /** This profile with additional or replaced properties. */
    public Profile with(Map<String, String> overrides) {
        SortedMap<String, String> merged = new TreeMap<>(properties);
        merged.putAll(overrides);
        return new Profile(name, merged, changes, filledIn);
    }

    /**
     * Messages about the changes, one per reason: {@code a, b: not used, because ...}.
     *
     * @param weight only changes of this weight
     */
    public List<String> messages(PropertyChange.Weight weight) {
        Map<String, String> keysByReason = new LinkedHashMap<>();
        changes.stream().filter(change -> change.weight() == weight).forEach(change -> {
            String reason = (change.to() == null ? "not used, because " : "") + change.why();
            keysByReason.merge(reason, change.from(), (some, more) -> some + ", " + more);
        });
        List<String> lines = new ArrayList<>();
        keysByReason.forEach((reason, keys) -> lines.add("profile " + name + ": " + keys + ": " + reason));
        return lines;
    }

    /** The properties with every secret masked. */
    public SortedMap<String, String> masked() {
        Redactor redactor = new Redactor();
        redactor.hide(secrets());
        SortedMap<String, String> shown = new TreeMap<>(properties);
        shown.replaceAll((key, value) -> isSecret(key) ? Redactor.MASK : redactor.redact(value));
        return shown;
    }

    /** Whether the value of this property contains a secret. */
    public boolean holdsSecret(String key) {
        String value = properties.getOrDefault(key, "");
        return isSecret(key)
                || filledIn.stream().anyMatch(value::contains)
                || !UserInfo.passwordsIn(value).isEmpty();
    }

    /** All secrets in the properties. */
    public List<String> secrets() {
        List<String> secrets = new ArrayList<>(filledIn);
        properties.forEach((key, value) -> {
            if (isSecret(key)) {
                secrets.add(value);
                if (key.endsWith("user.info")) {
                    secrets.add(value.substring(value.indexOf(':') + 1));
                }
                secrets.addAll(JaasSecrets.in(value));
            }
            secrets.addAll(UserInfo.passwordsIn(value));
        });
        return secrets.stream().distinct().toList();
    }

    public static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
    }
}
