package dev.kstage.profile;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the cluster: flag, then environment variable, then the current profile, then the default of
 * the project's file, then the default of the user's file. It never guesses further.
 */
public final class Connections {
    static final String BOOTSTRAP_VARIABLE = "KSTAGE_BOOTSTRAP_SERVER";
    static final String PROFILE_VARIABLE = "KSTAGE_PROFILE";
    static final String FILE_VARIABLE = "KSTAGE_PROFILE_FILE";

    private final Map<String, String> environment;
    private final Path projectFile;
    private final Directories directories;
    private final Consumer<String> warnings;

    /**
     * @param environment the environment variables
     * @param workingDirectory where {@code kstage.yaml} of the project may stand
     * @param warnings told of files that can't be used where others may do
     */
    public Connections(
            Map<String, String> environment,
            Path workingDirectory,
            Directories directories,
            Consumer<String> warnings) {
        this.environment = environment;
        this.warnings = warnings;
        this.projectFile = workingDirectory.resolve("kstage.yaml");
        this.directories = directories;
    }

    /**
     * @throws Failure if nothing says where to connect, or what says so can't be used
     */
    public Connection choose(ConnectionChoice choice) {
        refuseEmpty(choice);
        Connection chosen = chosen(choice);
        Profile profile = chosen.profile().with(choice.overrides());
        if (profile.bootstrapServers().isBlank()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "profile \"" + profile.name() + "\" does not say where the cluster is",
                    "it has no bootstrap.servers",
                    "add bootstrap.servers to it, or give -b HOST:PORT");
        }
        return new Connection(profile, chosen.why());
    }

    private static void refuseEmpty(ConnectionChoice choice) {
        String server = choice.server();
        if (server != null && server.isBlank()) {
            String option = choice.serverOption().equals("-b") ? "--bootstrap-server" : choice.serverOption();
            throw new Failure(
                    Failure.Kind.USAGE,
                    option + " is empty",
                    "it is to name the servers of a first contact",
                    "give it HOST:PORT, or leave it out");
        }
        for (Map.Entry<String, String> override : choice.overrides().entrySet()) {
            if (override.getKey().isBlank()) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "cannot use -X =" + override.getValue(),
                        "there is no property before the =",
                        "write it like -X linger.ms=5");
            }
        }
    }

    /** Whether a flag or an environment variable says where to connect, and not only a default. */
    public boolean isExplicit(ConnectionChoice choice) {
        return choice.server() != null
                || choice.profile() != null
                || choice.profileFile() != null
                || variable(BOOTSTRAP_VARIABLE) != null
                || variable(PROFILE_VARIABLE) != null
                || variable(FILE_VARIABLE) != null;
    }

    private Connection chosen(ConnectionChoice choice) {
        Path file = choice.profileFile() != null ? choice.profileFile() : fileFromVariable();
        String server = choice.server();
        if (choice.profile() != null) {
            Connection named = new Connection(named(choice.profile(), file), "-p " + choice.profile());
            return server == null
                    ? named
                    : new Connection(at(named.profile(), server), choice.serverOption() + " with " + named.why());
        }
        if (server != null) {
            Profile base = choice.profileFile() == null ? null : onlyOf(ProfileFile.read(choice.profileFile()));
            return new Connection(at(base, server), choice.serverOption());
        }
        if (choice.profileFile() != null) {
            return new Connection(onlyOf(ProfileFile.read(choice.profileFile())), "--profile-file");
        }
        Connection fromVariables = fromVariables(file);
        return fromVariables != null ? fromVariables : fromDefaults();
    }

    private @Nullable Connection fromVariables(@Nullable Path file) {
        String bootstrap = variable(BOOTSTRAP_VARIABLE);
        String name = variable(PROFILE_VARIABLE);
        if (name != null) {
            Profile profile = named(name, file);
            return bootstrap == null
                    ? new Connection(profile, PROFILE_VARIABLE)
                    : new Connection(at(profile, bootstrap), BOOTSTRAP_VARIABLE + " with " + PROFILE_VARIABLE);
        }
        if (bootstrap != null) {
            return new Connection(at(null, bootstrap), BOOTSTRAP_VARIABLE);
        }
        return file == null ? null : new Connection(onlyOf(ProfileFile.read(file)), FILE_VARIABLE);
    }

    private Connection fromDefaults() {
        CurrentProfile current = CurrentProfile.read(directories);
        if (current != null) {
            ProfileFile file = readIfThere(Path.of(current.file()));
            Profile profile = file == null ? null : in(file, current.name());
            if (profile == null) {
                // Going on to the next default would quietly mean another cluster.
                throw new Failure(
                        Failure.Kind.USAGE,
                        "the current profile \"" + current.name() + "\" is gone",
                        current.file() + (file == null ? " is not there any more" : " does not have it any more"),
                        "choose another one with `kstage profile use NAME`, or say where to connect with -b or -p");
            }
            return new Connection(profile, "the current profile, set by `kstage " + current.setBy() + "`");
        }
        for (Path file : List.of(projectFile, directories.profileFile())) {
            ProfileFile profiles = readIfThere(file);
            if (profiles != null && profiles.defaultName() != null) {
                Profile profile = Objects.requireNonNull(in(profiles, profiles.defaultName()));
                return new Connection(profile, "the default of " + shown(file));
            }
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "no cluster is given",
                "looked at -b and -p, " + BOOTSTRAP_VARIABLE + " and " + PROFILE_VARIABLE
                        + ", the current profile, ./kstage.yaml and " + directories.profileFile(),
                "give -b HOST:PORT, or start a local Kafka with `kstage env up`");
    }

    /** The profile called {@code name}, from the file given or else from wherever profiles are kept. */
    private Profile named(String name, @Nullable Path file) {
        List<ProfileFile> files = file == null ? files() : List.of(ProfileFile.read(file));
        for (ProfileFile candidate : files) {
            Profile profile = in(candidate, name);
            if (profile != null) {
                return profile;
            }
        }
        List<String> names = files.stream()
                .map(ProfileFile::profiles)
                .map(Map::keySet)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        throw new Failure(
                Failure.Kind.USAGE,
                "there is no profile \"" + name + "\"",
                file == null
                        ? "neither ./kstage.yaml, " + directories.profileFile() + " nor an environment has it"
                        : file + " does not have it",
                names.isEmpty()
                        ? "write one, or start a local Kafka with `kstage env up`"
                        : "use one of: " + String.join(", ", names));
    }

    /**
     * Every file in which profiles are kept, that exists and can be used, in the order in which names are
     * looked up.
     */
    public List<ProfileFile> files() {
        List<ProfileFile> files = new ArrayList<>();
        Stream.concat(
                        Stream.of(fileFromVariable(), projectFile, directories.profileFile())
                                .filter(Objects::nonNull),
                        environmentFiles().stream())
                .map(this::readUnlessBroken)
                .filter(Objects::nonNull)
                .forEach(files::add);
        return files;
    }

    /** One that is broken must not keep from the others; whatever needs it fails. */
    private @Nullable ProfileFile readUnlessBroken(Path file) {
        try {
            return readIfThere(file);
        } catch (Failure broken) {
            warnings.accept(broken.what() + ": " + broken.why());
            return null;
        }
    }

    private List<Path> environmentFiles() {
        if (!Files.isDirectory(directories.environments())) {
            return List.of();
        }
        try (Stream<Path> environments = Files.list(directories.environments())) {
            return environments
                    .map(directory -> directory.resolve("profile.yaml"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Profile in(ProfileFile file, String name) {
        SortedMap<String, String> properties = file.profiles().get(name);
        return properties == null ? null : new Profile(name, Placeholders.replaced(name, properties, environment));
    }

    private Profile onlyOf(ProfileFile file) {
        String name = file.defaultName();
        if (name == null && file.profiles().size() == 1) {
            name = file.profiles().keySet().iterator().next();
        }
        if (name == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    file.path() + " does not say which profile to use",
                    file.profiles().isEmpty()
                            ? "it has no profiles"
                            : "it has no `default:` and the profiles "
                                    + String.join(", ", file.profiles().keySet()),
                    "name one with -p NAME, or add `default: NAME` to the file");
        }
        return Objects.requireNonNull(in(file, name));
    }

    private static Profile at(@Nullable Profile profile, String bootstrapServer) {
        Profile base = profile == null ? new Profile(bootstrapServer, new TreeMap<>()) : profile;
        return base.with(Map.of(Profile.BOOTSTRAP_SERVERS, bootstrapServer));
    }

    private @Nullable Path fileFromVariable() {
        String file = variable(FILE_VARIABLE);
        return file == null ? null : Path.of(file);
    }

    private @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static @Nullable ProfileFile readIfThere(Path file) {
        return Files.exists(file) ? ProfileFile.read(file) : null;
    }

    private String shown(Path file) {
        return file.equals(projectFile) ? "./kstage.yaml" : file.toString();
    }
}
