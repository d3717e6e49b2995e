package dev.kstage.profile.choice;

import dev.kstage.profile.format.ProfileEntry;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a project file that was just allowed.
 *
 * @param file its path, with links resolved
 * @param sha256 of its content, in hexadecimal digits
 * @param defaultName the default profile, or null
 * @param profiles its profiles
 */
public record TrustedProject(
        Path file, String sha256, @Nullable String defaultName, List<ProfileEntry> profiles) {}
