package dev.kstage.env;

import dev.kstage.report.Failure;
import java.util.List;
import java.util.regex.Pattern;

/** Maps error messages of a compose tool to a {@link Failure} with a remedy. */
final class ComposeFault {
    private static final String EMBEDDED = "`kstage env up --engine embedded --name plain` needs no containers";

    /** A known error, with its messages in Docker, both series of compose, and Podman. */
    private record Known(Pattern pattern, Failure.Kind kind, String remedy) {
        Known(String words, Failure.Kind kind, String remedy) {
            this(Pattern.compile(words, Pattern.CASE_INSENSITIVE), kind, remedy);
        }
    }

    // Specific patterns come first, because a message may match several.
    private static final List<Known> KNOWN = List.of(
            new Known(
                    "permission denied.*docker|docker.*permission denied|PermissionError",
                    Failure.Kind.USAGE,
                    "get permission to use Docker, for example join the group docker and log in again; " + EMBEDDED),
            new Known(
                    "connect to the docker daemon|connect to docker daemon|error while fetching server API version"
                            + "|daemon running|error during connect|connect to podman|docker\\.sock",
                    Failure.Kind.TEMPORARY,
                    "start Docker (`sudo systemctl start docker`, or Docker Desktop), then run the same command again; "
                            + EMBEDDED),
            new Known(
                    "port is already allocated|address already in use|ports are not available",
                    Failure.Kind.USAGE,
                    "stop the program that listens on that port; or choose another port: --port for Kafka,"
                            + " KSTAGE_UI_PORT and similar"
                            + " for the others"),
            new Known(
                    "unrecognized arguments: --format",
                    Failure.Kind.USAGE,
                    "this podman-compose is too old; install 1.1 or newer; " + EMBEDDED),
            new Known(
                    "no space left",
                    Failure.Kind.FAILED,
                    "free some space; `docker system df` shows what" + " Docker uses"),
            new Known(
                    "manifest unknown|pull access denied|repository does not exist|manifest for .* not found",
                    Failure.Kind.USAGE,
                    "check the name of the image in KSTAGE_KAFKA_IMAGE or a similar variable"),
            new Known(
                    "no such host|name resolution|i/o timeout|TLS handshake|connection refused|unreachable"
                            + "|Client\\.Timeout|request canceled|server misbehaving|toomanyrequests",
                    Failure.Kind.TEMPORARY,
                    "check that this machine can reach the registry, then run the same command again; " + EMBEDDED));

    private ComposeFault() {}

    /**
     * @param what the action that failed
     * @param output the complete output of the tool
     */
    static Failure of(String what, String output) {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        for (Known known : KNOWN) {
            for (String line : lines) {
                if (known.pattern().matcher(line).find()) {
                    return new Failure(known.kind(), what, line, known.remedy());
                }
            }
        }
        return new Failure(
                Failure.Kind.FAILED,
                what,
                lines.isEmpty() ? "the compose tool gives no reason" : lines.get(lines.size() - 1),
                "fix this, then run the same command again; " + EMBEDDED);
    }
}
