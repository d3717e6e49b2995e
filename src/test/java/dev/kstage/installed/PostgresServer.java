package dev.kstage.installed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL of a test's own, on a free port, with its data in a temporary directory. It refuses to
 * run as root, and then runs as the user {@code postgres} that its package makes.
 */
public final class PostgresServer implements AutoCloseable {
    /** The password of {@link #USER}. */
    public static final String PASSWORD = "sekr3t-of-the-test";

    public static final String USER = "tester";

    static final String NOT_INSTALLED =
            "PostgreSQL's server is not installed: initdb is neither in /usr/lib/postgresql/*/bin nor in PATH";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path programs;
    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private PostgresServer(Path programs, Path directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
    }

    /** A server that runs; the test is skipped where PostgreSQL is not installed. */
    public static PostgresServer start() {
        Optional<Path> programs = programs();
        Assumptions.assumeTrue(programs.isPresent(), NOT_INSTALLED);
        try (ServerSocket free = new ServerSocket(0)) {
            Path directory = Files.createTempDirectory("kstage-postgres");
            int port = free.getLocalPort();
            PostgresServer server = new PostgresServer(programs.orElseThrow(), directory, port);
            server.create();
            free.close();
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isInstalled() {
        return programs().isPresent();
    }

    private static Optional<Path> programs() {
        List<Path> places = new ArrayList<>();
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            versions.sorted(Comparator.reverseOrder()).forEach(version -> places.add(version.resolve("bin")));
        } catch (IOException e) {
            // Not a Debian: the path has it, or nothing.
            places.clear();
        }
        for (String each : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            places.add(Path.of(each));
        }
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst();
    }

    private void create() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", directory.toString()));
        }
        run(asItsUser(
                "initdb",
                "-D",
                data(),
                "-U",
                USER,
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    /** Starts it, as after {@link #crash}, and waits until it answers. */
    public void startAgain() {
        Eventually.await("PostgreSQL to answer", LIMIT, () -> {
            Process running = process;
            if (running == null || !running.isAlive()) {
                // Right after a crash what is left of the old one may still be in its way.
                launch();
            }
            return answers();
        });
    }

    private void launch() {
        try {
            process = new ProcessBuilder(asItsUser(
                            "postgres",
                            "-D",
                            data(),
                            "-p",
                            String.valueOf(port),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=" + directory))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try {
            connect("postgres").close();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Has it die at once, with every session, as in a power cut. */
    public void crash() {
        signal("QUIT");
    }

    private void signal(String name) {
        Process running = process;
        if (running != null && running.isAlive()) {
            // The program that changes the user becomes the server, so this is the server's own process.
            RunningProcess.signal(name, running.pid());
            try {
                if (!running.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("PostgreSQL does not stop");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** What {@code --to} takes, with the user in it. */
    public String url(String database) {
        return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + database;
    }

    /** A database of a name that is new. */
    public void createDatabase(String name) {
        execute("postgres", "CREATE DATABASE " + name);
    }

    /** A directory of a name that is new, which belongs to the server. */
    public Path createDirectory(String name) {
        try {
            Path created = Files.createDirectory(directory.resolve(name));
            if (isRoot()) {
                run(List.of("chown", "postgres", created.toString()));
            }
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection, to be closed by the caller. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, PASSWORD);
    }

    public void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What a query gives: for each row its columns, parted by {@code |}. */
    public List<String> query(String database, String sql) {
        try (Connection connection = connect(database)) {
            return query(connection, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The same of any database. */
    public static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    private List<String> asItsUser(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private void run(List<String> command) throws IOException {
        Path log = Files.createTempFile("kstage-postgres", ".log");
        try {
            Process started = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (started.waitFor() != 0) {
                throw new AssertionError(
                        command.stream().collect(Collectors.joining(" ")) + ": " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            Files.delete(log);
        }
    }

    @Override
    public synchronized void close() {
        signal("INT");
        SharedKafka.delete(directory);
    }
}
