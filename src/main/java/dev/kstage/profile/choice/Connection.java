package dev.kstage.profile.choice;

import dev.kstage.profile.Profile;

/**
 * The chosen cluster.
 *
 * @param profile how to connect
 * @param why what chose it, to follow "because of"
 */
public record Connection(Profile profile, String why) {}
