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
 * A named, flat map of Kafka client properties, as the Java client names them.
 *
 * @param name its name, or the bootstrap server where it was never given one
 * @param properties its properties, with secrets
 * @param changes what became of properties that were written otherwise
 * @param filledIn what placeholders stand for, as far as it may be a secret
 */
public record Profile(
        String name, SortedMap<String, String> properties, List<PropertyChange> changes, Set<String> filledIn) {
    /** The property that names the servers of a first contact. */
    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    private static final Pattern SECRET_KEY = Pattern.compile(
            "password|passphrase|secret|jaas|keystore\\.key|ssl\\.key\\.pem|token(?!\\.endpoint)|basic\\.auth");

    public Profile {
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
        changes = List.copyOf(changes);
        filledIn = Set.copyOf(filledIn);
    }

    /** One whose properties are as they were written. */
    public Profile(String name, SortedMap<String, String> properties) {
        this(name, properties, List.of(), Set.of());
    }

    /** The servers of a first contact, separated by commas; empty if there are none. */
    public String bootstrapServers() {
        return properties.getOrDefault(BOOTSTRAP_SERVERS, "");
    }

    /** The same profile with other or more properties. */
    public Profile with(Map<String, String> overrides) {
        SortedMap<String, String> merged = new TreeMap<>(properties);
        merged.putAll(overrides);
        return new Profile(name, merged, changes, filledIn);
    }

    /**
     * What the user should know of its changes, a line for each reason: {@code a, b: not used, since ...}.
     *
     * @param weight those of this weight
     */
    public List<String> told(PropertyChange.Weight weight) {
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

    /** Whether a part of this property's value must never be shown. */
    public boolean holdsSecret(String key) {
        String value = properties.getOrDefault(key, "");
        return isSecret(key)
                || filledIn.stream().anyMatch(value::contains)
                || !UserInfo.passwordsIn(value).isEmpty();
    }

    /** Every text in it that must never be shown. */
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
