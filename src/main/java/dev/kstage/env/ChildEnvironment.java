package dev.kstage.env;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which environment variables a child process gets. */
final class ChildEnvironment {
    // Options meant for this JVM alone, such as a debugger's port.
    private static final Set<String> JAVA_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    private static final List<String> OF_BROKER = List.of("PATH", "HOME", "LANG", "TZ");
    private static final String DATABASE_PASSWORD = "KSTAGE_DB_PASSWORD";
    private static final String CONNECTION = "AIRFLOW_CONN_";

    private ChildEnvironment() {}

    /** For a stage: the same program doing a part of the user's command, so it gets what the user gave that. */
    static void ofStage(Map<String, String> variables) {
        variables.keySet().removeAll(JAVA_OPTIONS);
    }

    /**
     * For a broker, which outlives the command and serves everybody on this machine: only what a JVM needs to find
     * programs, files and the time. Its {@code LANG} is the locale that counts here, by which Java reads file names.
     */
    static void ofBroker(Map<String, String> variables) {
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> variables.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
        variables.keySet().retainAll(OF_BROKER);
        if (!locale.isEmpty()) {
            variables.put("LANG", locale);
        }
    }

    /**
     * For a compose tool: what its own user gives it (DOCKER_HOST, XDG_RUNTIME_DIR, proxies, an SSH agent, what a
     * credential helper needs), but for the secrets that are meant for kstage.
     */
    static void ofTool(Map<String, String> variables) {
        variables
                .keySet()
                .removeIf(name ->
                        JAVA_OPTIONS.contains(name) || name.equals(DATABASE_PASSWORD) || name.startsWith(CONNECTION));
    }
}
