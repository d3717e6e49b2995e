package dev.kstage.env;

import dev.kstage.profile.PrivateDirectory;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory with state, data and logs of an environment.
 *
 * @param name the environment's name
 * @param root its directory
 */
public record EnvironmentDirectory(String name, Path root) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    /** @throws Failure if the name is not valid */
    public static EnvironmentDirectory of(XdgDirectories directories, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "\"" + name + "\" is not a valid name of an environment",
                    "a name has letters, digits, - and _ only",
                    "choose another --name");
        }
        return new EnvironmentDirectory(name, directories.environments().resolve(name));
    }

    /** The directories of all environments, by name. */
    public static List<EnvironmentDirectory> all(XdgDirectories directories) {
        if (!Files.isDirectory(directories.environments())) {
            return List.of();
        }
        requireOwn(directories.environments());
        try (Stream<Path> roots = Files.list(directories.environments())) {
            return roots.filter(root -> Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS))
                    .map(root -> new EnvironmentDirectory(String.valueOf(root.getFileName()), root))
                    .filter(directory -> Files.exists(directory.stateFile()))
                    .sorted(Comparator.comparing(EnvironmentDirectory::name))
                    .toList();
        } catch (IOException e) {
            throw failure("cannot list the environments", e);
        }
    }

    Path stateFile() {
        return root.resolve("environment.json");
    }

    /** The file with its connection profile. */
    public Path profileFile() {
        return root.resolve("profile.yaml");
    }

    /** The data directory, which survives a restart. */
    public Path data() {
        return root.resolve("data");
    }

    /** The output of a broker. */
    public Path log(int node) {
        return root.resolve("node-" + node + ".log");
    }

    /** The settings file of a broker; its path on a command line identifies the broker's process. */
    Path settings(int node) {
        return root.resolve("node-" + node + ".properties");
    }

    /** The compose files of an environment in containers. */
    public Path compose() {
        return root.resolve("compose");
    }

    /** The output of the compose tool at the last start. */
    public Path composeLog() {
        return root.resolve("compose.log");
    }

    /** The failure if the environment exists with other options. */
    Failure refused(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "environment " + name + " already exists with other options",
                why,
                "leave out that option, choose another --name, or run `kstage env down --name " + name
                        + "` first; with --delete all options can change, without it only --port");
    }

    /** Creates the private directory. */
    void create() throws IOException {
        PrivateDirectory.create(state(), root);
    }

    /** The directory of all environments of the user. */
    private Path state() {
        return Objects.requireNonNull(Objects.requireNonNull(root.getParent()).getParent());
    }

    /** Rejects a directory that others could have written to. */
    void requireOwn() {
        requireOwn(root);
    }

    private static void requireOwn(Path directory) {
        try {
            Path environments = Objects.requireNonNull(directory.getParent());
            PrivateDirectory.requireOwn(Objects.requireNonNull(environments.getParent()));
            PrivateDirectory.requireOwn(environments);
            PrivateDirectory.requireOwn(directory);
        } catch (IOException e) {
            throw failure("cannot use " + directory, e);
        }
    }

    /** Locks the environment against changes by other commands, until the channel is closed. */
    FileChannel lock() {
        try {
            create();
            // To open for reading as well never waits, even if a named pipe is there.
            FileChannel channel = FileChannel.open(
                    root.resolve("lock"),
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PrivateDirectory.ofFile());
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        "environment " + name + " is being changed",
                        "another `kstage env` command is running for it",
                        "wait until that command ends");
            }
            return channel;
        } catch (IOException e) {
            throw failure("cannot use " + root, e);
        }
    }

    /** Deletes everything, even if another command deletes at the same time. */
    void delete() {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            if (!(cause instanceof NoSuchFileException)) {
                throw failure("cannot delete " + root, cause);
            }
        } catch (IOException e) {
            throw failure("cannot delete " + root, e);
        }
    }

    static Failure failure(String what, IOException e) {
        return new Failure(Failure.Kind.FAILED, what, FileFault.of(e), "check permissions and free space", e);
    }
}
