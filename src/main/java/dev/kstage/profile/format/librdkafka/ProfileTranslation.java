package dev.kstage.profile.format.librdkafka;

import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.profile.PropertyChange.Weight;
import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A profile while its properties are translated for Kafka's Java clients, with a list of all changes. */
final class ProfileTranslation {
    private final Profile written;
    private final SortedMap<String, String> properties;
    private final List<PropertyChange> changes;

    ProfileTranslation(Profile written) {
        this.written = written;
        this.properties = new TreeMap<>(written.properties());
        this.changes = new ArrayList<>(written.changes());
    }

    @Nullable
    String get(String key) {
        return properties.get(key);
    }

    String get(String key, String otherwise) {
        return properties.getOrDefault(key, otherwise);
    }

    boolean has(String key) {
        return properties.containsKey(key);
    }

    List<String> keys() {
        return List.copyOf(properties.keySet());
    }

    /** Replaces a property by another name or value. */
    void turn(String from, String to, String value, String why) {
        properties.remove(from);
        put(to, value);
        changes.add(new PropertyChange(from, to, why, Weight.SHOWN));
    }

    /** Renames a property, unless the new name is set too. */
    void rename(String from, String to) {
        String value = properties.get(from);
        if (value == null) {
            return;
        }
        if (properties.containsKey(to)) {
            drop(from, to + " is set too", Weight.NOTED);
        } else {
            turn(from, to, value, "the Java client's name for it");
        }
    }

    /** Sets an additional property that belongs to a replaced one. */
    void put(String key, String value) {
        properties.put(key, value);
    }

    /** Removes a property that can't be used; does nothing if it is not set. */
    void drop(String key, String why, Weight weight) {
        if (properties.remove(key) != null) {
            changes.add(new PropertyChange(key, null, why, weight));
        }
    }

    void warn(String key, String why) {
        changes.add(new PropertyChange(key, key, why, Weight.WARNED));
    }

    Profile profile() {
        return new Profile(written.name(), properties, changes, written.filledIn());
    }

    /** The failure if {@code key} can't be translated; it never contains the value. */
    Failure unusable(String key, String why, String remedy) {
        return new Failure(
                Failure.Kind.USAGE, "cannot use \"" + key + "\" of profile \"" + written.name() + "\"", why, remedy);
    }
}
