package dev.kstage.installed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * kstage with a home, XDG directories, a working directory and an environment that belong to one test. What is
 * started is the packed jar in a process of its own, as a user has it. What is only run to its end runs in a thread of
 * the tests' JVM, unless the test is about the process or gives options to its JVM.
 */
public final class Installation {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final Path NO_INPUT = Path.of("/dev/null");

    private final Path home;
    private final Map<String, String> environment;
    private final boolean isProcess;
    private final String failpoints;

    private Installation(Path home, Map<String, String> environment, boolean isProcess, String failpoints) {
        this.home = home;
        this.environment = environment;
        this.isProcess = isProcess;
        this.failpoints = failpoints;
    }

    /** One in an empty directory, which it may fill. */
    public static Installation in(Path home) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", home.toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
        environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
        Installation installation = new Installation(home, environment, false, "");
        try {
            Files.createDirectories(installation.state());
            Files.createDirectories(installation.config());
            Files.createDirectories(installation.workingDirectory());
            Files.createDirectories(installation.outputs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return installation;
    }

    /** The same with one more environment variable. */
    public Installation with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        boolean isForJvm = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").contains(variable);
        return new Installation(home, more, isProcess || isForJvm, failpoints);
    }

    /** The same, with a process for every command: for tests about what belongs to a process. */
    public Installation asProcess() {
        return new Installation(home, environment, true, failpoints);
    }

    /** The same, using a cluster as the environment variable for it says. */
    public Installation at(String bootstrapServers) {
        return with("KSTAGE_BOOTSTRAP_SERVER", bootstrapServers);
    }

    /**
     * The same, dying, stopping or failing at a step: {@code NAME:halt} and what else a failpoint can do. Only what ends
     * or stops a process needs one.
     */
    public Installation failingAt(String failpoint) {
        return isProcess || failpoint.contains(":halt") || failpoint.contains(":pause=")
                ? with("JDK_JAVA_OPTIONS", "-Dkstage.failpoint=" + failpoint)
                : new Installation(home, environment, isProcess, failpoint);
    }

    public Path home() {
        return home;
    }

    /** Where kstage keeps its state. */
    public Path state() {
        return home.resolve("state/kstage");
    }

    /** Where kstage looks for the user's profiles. */
    public Path config() {
        return home.resolve("config/kstage");
    }

    public Path workingDirectory() {
        return home.resolve("work");
    }

    /** A file in the working directory. */
    public Path file(String name) {
        return workingDirectory().resolve(name);
    }

    private Path outputs() {
        return home.resolve("outputs");
    }

    /** Runs a command line to its end. */
    public Outcome run(String... arguments) {
        return run(NO_INPUT, arguments);
    }

    /** Runs a command line to its end, with this text on standard input. */
    public Outcome runWithInput(String input, String... arguments) {
        Path file = outputs().resolve(RUNS.incrementAndGet() + ".in");
        write(file, input);
        return run(file, arguments);
    }

    private Outcome run(Path input, String... arguments) {
        if (isProcess) {
            return launch(List.of(arguments), command(arguments), input.toFile())
                    .await();
        }
        int number = RUNS.incrementAndGet();
        return new ThreadRun(List.of(arguments), environment, workingDirectory())
                .run(input, outputs().resolve(number + ".out"), outputs().resolve(number + ".err"), failpoints);
    }

    /** Starts a command line and leaves it running. */
    public RunningProcess start(String... arguments) {
        return launch(List.of(arguments), command(arguments), NO_INPUT.toFile());
    }

    /** Runs a script of bash to its end, in which {@code kstage} is a command. */
    public Outcome shell(String script) {
        return startShell(script).await();
    }

    /** The same, left running. */
    public RunningProcess startShell(String script) {
        String function = "kstage() { "
                + command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")) + " \"$@\"; }\n";
        return launch(List.of(script), List.of("bash", "-c", function + script), NO_INPUT.toFile());
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xlog:disable"));
        ClassArchive.file().ifPresent(archive -> {
            // As the launcher does it: for the processes that kstage starts as well.
            String use = "-XX:SharedArchiveFile=" + archive;
            command.addAll(List.of(use, "-Dkstage.archive.option=" + use));
        });
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** The packed jar. */
    public static Path jar() {
        return Path.of(System.getProperty("kstage.jar", "target/kstage.jar")).toAbsolutePath();
    }

    private RunningProcess launch(List<String> arguments, List<String> command, File input) {
        int number = RUNS.incrementAndGet();
        Path stdout = outputs().resolve(number + ".out");
        Path stderr = outputs().resolve(number + ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(workingDirectory().toFile());
        builder.redirectInput(input);
        builder.redirectOutput(stdout.toFile());
        builder.redirectError(stderr.toFile());
        try {
            return new RunningProcess("kstage " + String.join(" ", arguments), builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes down every Kafka that was brought up here, with its data. */
    public void bringEverythingDown() {
        String[] names = state().resolve("env").toFile().list();
        for (String name : names == null ? new String[0] : names) {
            run("env", "down", "--delete", "--name", name).expect(0);
        }
    }

    /** Writes a file of this installation, with the directory that it stands in. */
    public static void write(Path file, String content) {
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a file without their line feeds; a last line without one is a failure. */
    public static List<String> linesOf(Path file) {
        try {
            String content = Files.readString(file);
            if (!content.isEmpty() && !content.endsWith("\n")) {
                throw new AssertionError(file + " ends within a line");
            }
            List<String> lines = new ArrayList<>(Arrays.asList(content.split("\n", -1)));
            lines.remove(lines.size() - 1);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
