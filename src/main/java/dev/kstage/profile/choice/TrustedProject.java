package dev.kstage.profile.choice;

import dev.kstage.profile.format.ProfileEntry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds that was just allowed to count where it is found.
 *
 * @param file its path, without links
 * @param sha256 of what it holds, in hexadecimal digits
 * @param defaultName the profile that is used when none is named, or null
 * @param profiles its profiles
 */
public record TrustedProject(
        Path file, String sha256, @Nullable String defaultName, List<ProfileEntry> profiles) {}
