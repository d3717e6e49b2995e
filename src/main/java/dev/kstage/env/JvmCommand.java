package dev.kstage.env;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The command line to start this program in another process: same Java, same jar, same class archive. */
final class JvmCommand {
    /** The JVM option with which the launcher script's class archive is passed to child processes. */
    private static final String ARCHIVE_OPTION = "kstage.archive.option";

    private JvmCommand() {}

    /**
     * @param options JVM options in addition to the common ones
     * @param mainClass its name
     */
    static List<String> command(List<String> options, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(options);
        if (Runtime.version().feature() >= 24) {
            // Compression uses native code. With -cp, the JVM ignores the permission in the jar's manifest.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        Optional.ofNullable(System.getProperty(ARCHIVE_OPTION)).ifPresent(command::add);
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(arguments);
        return command;
    }

    private static String classPath() {
        String path = System.getProperty("kstage.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
