package dev.kstage.profile.choice;

import dev.kstage.profile.Profile;
import dev.kstage.profile.ReferencedFiles;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.profile.format.AirflowExport;
import dev.kstage.profile.format.ProfileEntry;
import dev.kstage.profile.format.ProfileFile;
import dev.kstage.profile.format.RawProfile;
import dev.kstage.report.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the cluster. The order is: option, environment variable, current profile, default of a trusted project
 * file, default of the user's file.
 */
public final class Connections {
    static final String BOOTSTRAP_VARIABLE = "KSTAGE_BOOTSTRAP_SERVER";
    static final String PROFILE_VARIABLE = "KSTAGE_PROFILE";
    static final String FILE_VARIABLE = "KSTAGE_PROFILE_FILE";

    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final XdgDirectories directories;
    private final Consumer<String> warnings;
    private final ProfileLocator locator;
    private @Nullable ProjectFile project;

    /**
     * @param environment the environment variables
     * @param workingDirectory the directory that may have the project's {@code kstage.yaml}
     * @param warnings receives a warning for each file that can't be used
     */
    public Connections(
            Map<String, String> environment,
            Path workingDirectory,
            XdgDirectories directories,
            Consumer<String> warnings) {
        this.environment = environment;
        this.warnings = warnings;
        this.workingDirectory = workingDirectory;
        this.directories = directories;
        this.locator = new ProfileLocator(environment, directories, warnings);
    }

    /** @throws Failure if no cluster is configured, or the configured one can't be used */
    public Connection choose(ConnectionChoice choice) {
        refuseEmpty(choice);
        Connection chosen = chosen(choice);
        Profile profile = chosen.profile().with(choice.overrides());
        if (profile.bootstrapServers().isBlank()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "profile \"" + profile.name() + "\" names no cluster",
                    "it has no bootstrap.servers",
                    "add bootstrap.servers to the profile, or use -b HOST:PORT");
        }
        refuseUser(profile);
        ReferencedFiles.check(profile);
        return new Connection(profile, chosen.why());
    }

    /** Never show the value, because it may contain a password. */
    private static void refuseUser(Profile profile) {
        if (profile.bootstrapServers().indexOf('@') >= 0) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the addresses of the Kafka servers contain a user or a password",
                    "bootstrap.servers contains an @; it may have hosts and ports only, as in kafka:9092",
                    "put user and password into a profile (sasl.username and sasl.password, or sasl.jaas.config)");
        }
    }

    private static void refuseEmpty(ConnectionChoice choice) {
        String server = choice.server();
        if (server != null && server.isBlank()) {
            String option = choice.serverOption().equals("-b") ? "--bootstrap-server" : choice.serverOption();
            throw new Failure(
                    Failure.Kind.USAGE,
                    option + " is empty",
                    "the option names the bootstrap servers",
                    "use HOST:PORT, or leave the option out");
        }
        for (Map.Entry<String, String> override : choice.overrides().entrySet()) {
            if (override.getKey().isBlank()) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "cannot use an -X option",
                        "no property name is before the =",
                        "write KEY=VALUE, as in -X linger.ms=5");
            }
        }
    }

    /** Whether an option or an environment variable names the cluster, not only a default. */
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
            Connection named = named(choice.profile(), file, "-p " + choice.profile());
            return server == null
                    ? named
                    : new Connection(at(named.profile(), server), choice.serverOption() + " with " + named.why());
        }
        if (server != null) {
            Profile base = choice.profileFile() == null ? null : onlyOf(choice.profileFile());
            return new Connection(at(base, server), choice.serverOption());
        }
        if (choice.profileFile() != null) {
            return new Connection(onlyOf(choice.profileFile()), "--profile-file");
        }
        Connection fromVariables = fromVariables(file);
        return fromVariables != null ? fromVariables : fromDefaults();
    }

    private @Nullable Connection fromVariables(@Nullable Path file) {
        String bootstrap = variable(BOOTSTRAP_VARIABLE);
        String name = variable(PROFILE_VARIABLE);
        if (name != null) {
            Connection named = named(name, file, PROFILE_VARIABLE + " " + name);
            return bootstrap == null
                    ? named
                    : new Connection(at(named.profile(), bootstrap), BOOTSTRAP_VARIABLE + " with " + named.why());
        }
        if (bootstrap != null) {
            return new Connection(at(null, bootstrap), BOOTSTRAP_VARIABLE);
        }
        return file == null ? null : new Connection(onlyOf(file), FILE_VARIABLE);
    }

    private Connection fromDefaults() {
        DefaultProfile.Chosen chosen = new DefaultProfile(directories).first(this::project);
        if (chosen != null) {
            return new Connection(profile(chosen.name(), chosen.file(), chosen.written()), chosen.why());
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "no cluster is configured",
                "none is named by -b and -p, " + BOOTSTRAP_VARIABLE + " and " + PROFILE_VARIABLE
                        + ", the current profile, ./kstage.yaml or " + directories.profileFile(),
                "use -b HOST:PORT, or start a local Kafka with `kstage env up`");
    }

    /** The profile of this name, from the given file or from all files that kstage searches. */
    private Connection named(String name, @Nullable Path path, String why) {
        if (path != null) {
            ProfileFile file = ProfileFile.read(path);
            RawProfile written = file.profiles().get(name);
            if (written == null) {
                throw unknown(name, path + " does not contain it", file.names());
            }
            return new Connection(profile(name, file, written), why);
        }
        ProfileLocator.Found found = locator.find(name);
        if (found == null) {
            found = project().named(name);
        } else {
            project().warnOfShadowed(name, found.location());
        }
        if (found == null) {
            throw unknown(
                    name,
                    "neither " + directories.profileFile() + ", ./kstage.yaml nor an environment contains it, and "
                            + AirflowExport.VARIABLE + name.toUpperCase(Locale.ROOT) + " is not set",
                    profiles().stream().map(ProfileEntry::name).distinct().toList());
        }
        return new Connection(profile(name, found.file(), found.written()), why + ", from " + found.location());
    }

    private static Failure unknown(String name, String why, List<String> names) {
        return new Failure(
                Failure.Kind.USAGE,
                "there is no profile \"" + name + "\"",
                why,
                names.isEmpty()
                        ? "write a profile, or start a local Kafka with `kstage env up`"
                        : "use one of these: " + String.join(", ", names));
    }

    /** All profiles that can be used by name, in the order in which a name is searched. */
    public List<ProfileEntry> profiles() {
        return Stream.concat(locator.all().stream(), project().profiles().stream())
                .toList();
    }

    private Profile onlyOf(Path path) {
        ProfileFile file = ProfileFile.read(path);
        String name = file.onlyName();
        return profile(name, file, Objects.requireNonNull(file.profiles().get(name)));
    }

    private Profile profile(String name, @Nullable ProfileFile file, RawProfile written) {
        if (written.unusable() != null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use connection \"" + name + "\"",
                    written.unusable(),
                    "name another connection, or correct it: `airflow connections get " + name + "` shows it");
        }
        if (file != null && written.hasSecrets() && file.status().isReadableByAll()) {
            warnings.accept(file.path() + " contains secrets, and every user of this machine can read it; run:"
                    + " chmod 600 "
                    + file.path());
        }
        return written.profile(name, environment);
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

    /** Read once, so that warnings and the chosen profile refer to the same content. */
    private ProjectFile project() {
        if (project == null) {
            project = ProjectFile.in(workingDirectory, directories, warnings);
        }
        return project;
    }
}
