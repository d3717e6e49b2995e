package dev.kstage.kafka.client;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Host and port of a server, as written. No name is looked up.
 *
 * @param host a name or a number, without the brackets of IPv6
 */
public record Address(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:[A-Za-z_0-9]+://)?(?:\\[([^]]+)]|([^:/\\[\\]]+)):(\\d{1,5})");

    /**
     * @param server {@code HOST:PORT}, with or without the protocol of a listener before it
     * @throws Failure if it is no such thing
     */
    public static Address parse(String server) {
        return parsed(server)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.USAGE,
                        "\"" + server + "\" is not the address of a server",
                        "an address is HOST:PORT, several are separated by commas",
                        "write it like localhost:29092"));
    }

    private static Optional<Address> parsed(String server) {
        Matcher matcher = FORM.matcher(server.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            return Optional.empty();
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return Optional.of(new Address(host, Integer.parseInt(matcher.group(3))));
    }

    /** The addresses of a list separated by commas; see {@link #parse}. */
    public static List<Address> all(String servers) {
        return Stream.of(servers.split(",", -1)).map(Address::parse).toList();
    }

    /** Whether the servers of such a list are all on this machine. */
    public static boolean areLocal(String servers) {
        return all(servers).stream().allMatch(Address::isLocal);
    }

    /** Those of a list of listeners that make sense. */
    public static List<Address> ofListeners(String listeners) {
        return Stream.of(listeners.split(",", -1))
                .flatMap(each -> parsed(each).stream())
                .toList();
    }

    /** Whether it names the machine that asks, whichever that is. */
    public boolean isLocal() {
        return host.matches("localhost|127\\..*|::1|0:0:0:0:0:0:0:1");
    }

    /** Whether the host is a name that a network of containers may have given: without a dot. */
    public boolean isSingleLabel() {
        return !isLocal() && host.matches("[^.:]+");
    }

    /** As it is written in a command line, and harmless on a terminal: a cluster may have chosen it. */
    @Override
    public String toString() {
        return Text.harmless(host.contains(":") ? "[" + host + "]:" + port : host + ":" + port);
    }
}
