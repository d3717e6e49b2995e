package dev.kstage.env;

import dev.kstage.report.Failure;
import java.util.List;
import java.util.regex.Pattern;

/** What a compose tool complains of, as a {@link Failure} with a way out. */
final class ComposeFault {
    private static final String EMBEDDED = "`kstage env up --engine embedded --name plain` needs no containers";

    /** Something that goes wrong, and how it is told by Docker, the two series of compose, and Podman. */
    private record Known(Pattern pattern, Failure.Kind kind, String remedy) {
        Known(String words, Failure.Kind kind, String remedy) {
            this(Pattern.compile(words, Pattern.CASE_INSENSITIVE), kind, remedy);
        }
    }

    // The more telling come first: one complaint may have words of several.
    private static final List<Known> KNOWN = List.of(
            new Known(
                    "permission denied.*docker|docker.*permission denied|PermissionError",
                    Failure.Kind.USAGE,
                    "get the right to use Docker, as by joining the group docker and logging in again; " + EMBEDDED),
            new Known(
                    "connect to the docker daemon|connect to docker daemon|error while fetching server API version"
                            + "|daemon running|error during connect|connect to podman|docker\\.sock",
                    Failure.Kind.TEMPORARY,
                    "start Docker (`sudo systemctl start docker`, or Docker Desktop), then run this again; "
                            + EMBEDDED),
            new Known(
                    "port is already allocated|address already in use|ports are not available",
                    Failure.Kind.USAGE,
                    "stop what listens at that port, or choose another: --port for Kafka, KSTAGE_UI_PORT and the like"
                            + " for the others"),
            new Known(
                    "unrecognized arguments: --format",
                    Failure.Kind.USAGE,
                    "this podman-compose is too old: install 1.1 or newer; " + EMBEDDED),
            new Known("no space left", Failure.Kind.FAILED, "make room; `docker system df` shows what Docker takes"),
            new Known(
                    "manifest unknown|pull access denied|repository does not exist|manifest for .* not found",
                    Failure.Kind.USAGE,
                    "check the image's name, where KSTAGE_KAFKA_IMAGE or the like names one"),
            new Known(
                    "no such host|name resolution|i/o timeout|TLS handshake|connection refused|unreachable"
                            + "|Client\\.Timeout|request canceled|server misbehaving|toomanyrequests",
                    Failure.Kind.TEMPORARY,
                    "see whether the registry can be reached from here, then run this again; " + EMBEDDED));

    private ComposeFault() {}

    /**
     * @param what that did not work
     * @param output all that the tool wrote
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
                "mend that and run this again; " + EMBEDDED);
    }
}
