package dev.kstage.profile.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.profile.SmallFile;
import dev.kstage.profile.format.RawProfile.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Detects the format of a profile file by its name and content. */
public final class ProfileFormat {
    private final SmallFile file;
    private final Path path;
    private final String name;

    private ProfileFormat(SmallFile file) {
        this.file = file;
        this.path = file.path();
        this.name = String.valueOf(path.getFileName());
    }

    /** @throws dev.kstage.report.Failure if the format is unknown, or the file is broken */
    public static ProfileFile of(SmallFile file) {
        return new ProfileFormat(file).profiles();
    }

    private ProfileFile profiles() {
        byte[] content = file.content();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (extension.equals("properties")) {
            return single(Dialect.JAVA, KeyValueLines.java(path, KeyValueLines.text(content)));
        }
        // Profiles of kstage's own environments are JSON; further detection would slow down every command.
        boolean isJson = content.length > 0 && content[0] == '{';
        if (!isJson && !List.of("json", "yaml", "yml").contains(extension)) {
            String text = KeyValueLines.text(content);
            if (extension.equals("env") || KeyValueLines.isOne(text)) {
                return ofLines(extension.equals("env"), text);
            }
        }
        JsonNode root = ProfileTree.of(path, content, isJson);
        if (root == null || root.isNull()) {
            return several(null, Map.of());
        }
        if (RpkProfiles.isOne(root)) {
            Map<String, RawProfile> profiles = RpkProfiles.of(root);
            String current = root.path("current_profile").asText("");
            return several(profiles.containsKey(current) ? current : null, profiles);
        }
        if (AirflowExport.isOne(root)) {
            return several(null, AirflowExport.of(path, root));
        }
        Map<String, RawProfile> profiles = KstageProfiles.of(path, root);
        return several(KstageProfiles.defaultName(path, root, profiles), profiles);
    }

    private ProfileFile ofLines(boolean isEnv, String text) {
        List<KeyValueLines.Line> lines = KeyValueLines.lines(path, text);
        if (isEnv || lines.stream().map(KeyValueLines.Line::value).allMatch(AirflowExport::isConnection)) {
            return several(null, AirflowExport.of(path, lines));
        }
        return single(Dialect.LIBRDKAFKA, KeyValueLines.kcat(path, text));
    }

    /** A file with one profile, named after the file. */
    private ProfileFile single(Dialect dialect, SortedMap<String, String> properties) {
        int dot = name.lastIndexOf('.');
        String profile = dot > 0 ? name.substring(0, dot) : name;
        return several(profile, Map.of(profile, RawProfile.of(dialect, properties)));
    }

    private ProfileFile several(@Nullable String defaultName, Map<String, RawProfile> profiles) {
        return new ProfileFile(path, file.status(), defaultName, profiles);
    }
}
