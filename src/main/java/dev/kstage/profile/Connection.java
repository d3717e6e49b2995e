package dev.kstage.profile;

/**
 * The cluster that was chosen.
 *
 * @param profile how to reach it
 * @param why what chose it, as words for "because of …"
 */
public record Connection(Profile profile, String why) {}
