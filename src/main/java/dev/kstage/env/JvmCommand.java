package dev.kstage.env;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How this very program is started in another process: with the same Java, the same jar, the same class archive. */
final class JvmCommand {
    /** The JVM option by which the launcher script's class archive is shared with other processes. */
    private static final String ARCHIVE_OPTION = "kstage.archive.option";

    private JvmCommand() {}

    /**
     * @param options of the JVM, beside those that every process has
     * @param mainClass its name
     */
    static List<String> command(List<String> options, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(options);
        if (Runtime.version().feature() >= 24) {
            // Compression is native code. With -cp the jar's manifest is not asked for this consent.
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
