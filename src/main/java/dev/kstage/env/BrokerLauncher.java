package dev.kstage.env;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Starts brokers in processes of their own and finds them again. */
final class BrokerLauncher {
    /** The JVM option by which the launcher script's class archive is shared with a broker. */
    private static final String ARCHIVE_OPTION = "kstage.archive.option";

    private final boolean detached;

    /** @param detached whether the brokers outlive this process and its terminal, or end with it */
    BrokerLauncher(boolean detached) {
        this.detached = detached;
    }

    Process start(EnvironmentDirectory directory, int node) throws IOException {
        List<String> command = new ArrayList<>(detached ? detachedFromTerminal() : List.of());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX"));
        if (Runtime.version().feature() >= 24) {
            // Compression is native code. With -cp the jar's manifest is not asked for this consent.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        Optional.ofNullable(System.getProperty(ARCHIVE_OPTION)).ifPresent(command::add);
        command.addAll(List.of(
                "-cp",
                classPath(),
                BrokerProcess.class.getName(),
                directory.settings(node).toString()));
        if (!detached) {
            command.add(BrokerProcess.UNTIL_INPUT_ENDS);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        // Options meant for this command, such as a debugger's port, are not meant for the broker.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.directory(directory.root().toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.to(directory.log(node).toFile()));
        if (detached) {
            builder.redirectInput(new File("/dev/null"));
        }
        return builder.start();
    }

    /**
     * A session of its own, so that neither Ctrl-C nor the end of the terminal reaches the broker. Where
     * setsid is missing (macOS) the signals of a terminal are ignored, which the JVM inherits.
     */
    private static List<String> detachedFromTerminal() {
        return List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .filter(program -> Files.isExecutable(Path.of(program)))
                .findFirst()
                .map(List::of)
                .orElse(List.of("/bin/sh", "-c", "trap '' HUP INT QUIT TSTP; exec \"$@\"", "sh"));
    }

    private static String classPath() {
        String path = System.getProperty("kstage.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The process of a broker if it runs and still is that broker: its command line names the settings. */
    static Optional<ProcessHandle> find(EnvironmentDirectory directory, Environment.Node node) {
        String settings = directory.settings(node.id()).toString();
        return ProcessHandle.of(node.pid()).filter(ProcessHandle::isAlive).filter(process -> process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(settings))
                .orElse(false));
    }

    /** The processes of the nodes that run, by the node's id. */
    static Map<Integer, ProcessHandle> running(EnvironmentDirectory directory, Environment environment) {
        Map<Integer, ProcessHandle> running = new TreeMap<>();
        for (Environment.Node node : environment.nodes()) {
            find(directory, node).ifPresent(process -> running.put(node.id(), process));
        }
        return running;
    }
}
