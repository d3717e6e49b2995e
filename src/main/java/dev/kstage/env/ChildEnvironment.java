package dev.kstage.env;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The environment variables of child processes. */
final class ChildEnvironment {
    // Options for this JVM only, such as a debugger port.
    private static final Set<String> JAVA_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    private static final List<String> OF_BROKER = List.of("PATH", "HOME", "LANG", "TZ");
    private static final String DATABASE_PASSWORD = "KSTAGE_DB_PASSWORD";
    private static final String CONNECTION = "AIRFLOW_CONN_";

    private ChildEnvironment() {}

    /** For a stage, which runs a part of the user's command: all variables of the user. */
    static void ofStage(Map<String, String> variables) {
        variables.keySet().removeAll(JAVA_OPTIONS);
    }

    /**
     * For a broker, which outlives the command: only what a JVM needs to find programs, files and the time. {@code
     * LANG} is the effective locale, with which Java decodes file names.
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
     * For a compose tool: all variables of the user (DOCKER_HOST, XDG_RUNTIME_DIR, proxies, SSH agent, credential
     * helpers), except the secrets of kstage.
     */
    static void ofTool(Map<String, String> variables) {
        variables
                .keySet()
                .removeIf(name ->
                        JAVA_OPTIONS.contains(name) || name.equals(DATABASE_PASSWORD) || name.startsWith(CONNECTION));
    }
}
