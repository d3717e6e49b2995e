package dev.kstage.profile.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A profile that can be used by name.
 *
 * @param name its name
 * @param bootstrapServers its servers, if they are written without placeholders; else empty
 * @param location the file or environment variable that contains it
 * @param file the file, or null if it is in none
 */
public record ProfileEntry(
        String name,
        String bootstrapServers,
        String location,
        @Nullable Path file) {}
