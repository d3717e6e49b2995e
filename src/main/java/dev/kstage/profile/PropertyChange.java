package dev.kstage.profile;

import org.jspecify.annotations.Nullable;

/**
 * A change of a property while a profile is read.
 *
 * @param from the original name
 * @param to the name for Kafka's Java clients, or null if the property is not used
 * @param why the reason, to follow "because"
 * @param weight who is informed about it
 */
public record PropertyChange(String from, @Nullable String to, String why, Weight weight) {
    /** How important a change is. */
    public enum Weight {
        /** Shown by {@code profile show} only. */
        SHOWN,
        /** A note of every command that uses the profile. */
        NOTED,
        /** A warning of every command that uses the profile: the effect differs from what was meant. */
        WARNED
    }
}
