package dev.kstage.profile.choice;

import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.format.AirflowConnection;
import dev.kstage.profile.format.AirflowExport;
import dev.kstage.profile.format.ProfileEntry;
import dev.kstage.profile.format.ProfileFile;
import dev.kstage.profile.format.RawProfile;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the profiles of a user, in this order: kstage's own files, Airflow connections in the environment, files of
 * kcat and rpk. The last two are used only by name; they never provide a default.
 */
final class ProfileLocator {
    /**
     * A profile that was found.
     *
     * @param location the file or environment variable that contains it
     * @param file the file, or null if it is in none
     */
    record Found(String location, @Nullable ProfileFile file, RawProfile written) {}

    private final Map<String, String> environment;
    private final XdgDirectories directories;
    private final Consumer<String> warnings;

    ProfileLocator(Map<String, String> environment, XdgDirectories directories, Consumer<String> warnings) {
        this.environment = environment;
        this.directories = directories;
        this.warnings = warnings;
    }

    /** The first profile of this name, or null. */
    @Nullable
    Found find(String name) {
        return ownFiles()
                .map(file -> in(file, name))
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> Optional.ofNullable(variable(name)))
                .or(() -> otherFiles()
                        .map(file -> in(file, name))
                        .filter(Objects::nonNull)
                        .findFirst())
                .orElse(null);
    }

    /** All profiles that can be used by name. */
    List<ProfileEntry> all() {
        List<ProfileEntry> all = new ArrayList<>();
        ownFiles().forEach(file -> addTo(all, file));
        connections().forEach((variable, written) -> {
            if (written.unusable() == null) {
                String id = variable.substring(AirflowExport.VARIABLE.length()).toLowerCase(Locale.ROOT);
                all.add(new ProfileEntry(id, written.servers(), variable, null));
            }
        });
        otherFiles().forEach(file -> addTo(all, file));
        return all;
    }

    private void addTo(List<ProfileEntry> all, Path path) {
        ProfileFile file = readUnlessBroken(path);
        if (file != null) {
            all.addAll(file.kept(path.toString()));
        }
    }

    private @Nullable Found in(Path path, String name) {
        ProfileFile file = readUnlessBroken(path);
        RawProfile written = file == null ? null : file.profiles().get(name);
        return written == null ? null : new Found(path.toString(), file, written);
    }

    /** Airflow searches the id in upper case; here the variable may have any case. */
    private @Nullable Found variable(String name) {
        String wanted = AirflowExport.VARIABLE + name;
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(wanted)
                        && !entry.getValue().isBlank())
                .min(Map.Entry.comparingByKey())
                .map(entry -> new Found(entry.getKey(), null, AirflowConnection.ofText(entry.getValue())))
                .orElse(null);
    }

    private SortedMap<String, RawProfile> connections() {
        SortedMap<String, RawProfile> connections = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(AirflowExport.VARIABLE) && !value.isBlank()) {
                connections.put(variable, AirflowConnection.ofText(value));
            }
        });
        return connections;
    }

    private Stream<Path> ownFiles() {
        Stream<Path> variable = Stream.ofNullable(environment.get(Connections.FILE_VARIABLE))
                .filter(file -> !file.isBlank())
                .map(Path::of);
        return Stream.of(variable, Stream.of(directories.profileFile()), environmentFiles().stream())
                .flatMap(files -> files)
                .filter(Files::exists);
    }

    private List<Path> environmentFiles() {
        if (!Files.isDirectory(directories.environments())) {
            return List.of();
        }
        try (Stream<Path> environments = Files.list(directories.environments())) {
            return environments
                    .map(directory -> directory.resolve("profile.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<Path> otherFiles() {
        String kcat = environment.getOrDefault("KCAT_CONFIG", "");
        return Stream.of(
                        kcat.isBlank() ? directories.config().resolveSibling("kcat.conf") : Path.of(kcat),
                        directories.config().resolveSibling("rpk").resolve("rpk.yaml"))
                .filter(Files::exists);
    }

    /** A broken file must not hide the others; whatever needs it fails. */
    private @Nullable ProfileFile readUnlessBroken(Path file) {
        try {
            ProfileFile read = ProfileFile.read(file);
            // A state file is used without being named.
            String fault = file.startsWith(directories.state()) ? DiscoveredFile.fault(read) : null;
            if (fault == null) {
                return read;
            }
            warnings.accept("cannot use " + file + ": " + fault);
        } catch (Failure broken) {
            warnings.accept(broken.what() + ": " + broken.why());
        } catch (IOException e) {
            warnings.accept("cannot use " + file + ": " + FileFault.of(e));
        }
        return null;
    }
}
