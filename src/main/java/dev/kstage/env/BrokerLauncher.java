package dev.kstage.env;

import dev.kstage.profile.PrivateDirectory;
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

/** Starts broker processes and finds running ones. */
final class BrokerLauncher {
    private final boolean detached;

    /** @param detached whether the brokers outlive this process and its terminal, or end with it */
    BrokerLauncher(boolean detached) {
        this.detached = detached;
    }

    Process start(EnvironmentDirectory directory, int node) throws IOException {
        List<String> command = new ArrayList<>(withPrivateFiles(detached));
        List<String> arguments =
                new ArrayList<>(List.of(directory.settings(node).toString()));
        if (!detached) {
            arguments.add(BrokerProcess.UNTIL_INPUT_ENDS);
        }
        command.addAll(JvmCommand.command(
                List.of(
                        "-Xmx512m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.awt.headless=true",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX"),
                BrokerProcess.class.getName(),
                arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        ChildEnvironment.ofBroker(builder.environment());
        builder.directory(directory.root().toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                PrivateDirectory.newFile(directory.log(node)).toFile()));
        if (detached) {
            builder.redirectInput(new File("/dev/null"));
        }
        return builder.start();
    }

    /**
     * The start of the command line: the files of a broker are private to its user. A detached broker gets its own
     * session, so Ctrl-C and the end of the terminal do not reach it. Without setsid (macOS), it ignores the signals
     * of a terminal; the JVM inherits that.
     */
    private static List<String> withPrivateFiles(boolean detached) {
        Optional<String> session = List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .filter(program -> detached && Files.isExecutable(Path.of(program)))
                .findFirst();
        String ignored = detached && session.isEmpty() ? "trap '' HUP INT QUIT TSTP; " : "";
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "umask 077; " + ignored + "exec \"$@\"", "sh"));
        session.ifPresent(words::add);
        return words;
    }

    /** The process of a broker, if it still runs; its command line contains the settings file. */
    static Optional<ProcessHandle> find(EnvironmentDirectory directory, Environment.Node node) {
        String settings = directory.settings(node.id()).toString();
        return ProcessHandle.of(node.pid()).filter(ProcessHandle::isAlive).filter(process -> process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(settings))
                .orElse(false));
    }

    /** The running processes, by node id. */
    static Map<Integer, ProcessHandle> running(EnvironmentDirectory directory, Environment environment) {
        Map<Integer, ProcessHandle> running = new TreeMap<>();
        for (Environment.Node node : environment.nodes()) {
            find(directory, node).ifPresent(process -> running.put(node.id(), process));
        }
        return running;
    }
}
