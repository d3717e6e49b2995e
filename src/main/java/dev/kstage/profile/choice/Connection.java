package dev.kstage.profile.choice;

import dev.kstage.profile.Profile;

/**
 * The cluster that was chosen.
 *
 * @param profile how to reach it
 * @param why what chose it, as words for "because of …"
 */
public record Connection(Profile profile, String why) {}
