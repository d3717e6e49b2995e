package dev.kstage.profile;

import org.jspecify.annotations.Nullable;

/**
 * What became of a property on its way from where it is written into a profile.
 *
 * @param from its name there
 * @param to the name of Kafka's Java clients that it became, or null if it is not used
 * @param why in words that fit after "because"
 * @param weight whom it is told to
 */
public record PropertyChange(String from, @Nullable String to, String why, Weight weight) {
    /** How much a change matters. */
    public enum Weight {
        /** Told to who asks: {@code profile show}. */
        SHOWN,
        /** Told on standard error by every command that uses the profile. */
        NOTED,
        /** The same, as a warning: what was meant is not what happens. */
        WARNED
    }
}
