package dev.kstage.profile.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A profile that can be used by its name.
 *
 * @param name its name
 * @param bootstrapServers where it leads, as far as that is said without placeholders; empty if it is not
 * @param place the file or the environment variable that it stands in
 * @param file the file, or null if it stands in none
 */
public record ProfileEntry(
        String name,
        String bootstrapServers,
        String place,
        @Nullable Path file) {}
