package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a server listens, as it is written: nothing is looked up yet.
 *
 * @param host a name or a number, without the brackets of IPv6
 */
record Address(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:[A-Za-z_0-9]+://)?(?:\\[([^]]+)]|([^:/\\[\\]]+)):(\\d{1,5})");

    /** Why an address is of no use from here. */
    enum Fault {
        UNKNOWN_HOST("no host of that name is known here"),
        REFUSED("connection refused: nothing listens there"),
        SILENT("no answer (host down, or a firewall in between)"),
        MUTE("it accepts connections and does not answer"),
        OTHER_PROTOCOL("it speaks another protocol"),
        UNREACHABLE("no way there from here");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What is wrong with an address, with the words of the system where those say more. */
    record Finding(Fault fault, String words) {
        Finding(Fault fault) {
            this(fault, fault.words());
        }
    }

    /**
     * @param server {@code HOST:PORT}, with or without the protocol of a listener before it
     * @throws Failure if it is no such thing
     */
    static Address parse(String server) {
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
    static List<Address> all(String servers) {
        return Stream.of(servers.split(",", -1)).map(Address::parse).toList();
    }

    /** Those of a list of listeners that make sense. */
    static List<Address> ofListeners(String listeners) {
        return Stream.of(listeners.split(",", -1))
                .flatMap(each -> parsed(each).stream())
                .toList();
    }

    /** Whether it names the machine that asks, whichever that is. */
    boolean isLocal() {
        return host.matches("localhost|127\\..*|::1|0:0:0:0:0:0:0:1");
    }

    /** Whether the host is a name that a network of containers may have given: without a dot. */
    boolean isSingleLabel() {
        return !isLocal() && host.matches("[^.:]+");
    }

    /**
     * What is wrong with it, or nothing if it accepts a connection. Looking up the name can take longer than
     * {@code millis}, since it can't be given a limit.
     */
    Optional<Finding> fault(int millis) {
        try {
            Finding finding = new Finding(Fault.UNREACHABLE);
            InetAddress[] resolved = InetAddress.getAllByName(host);
            for (InetAddress each : resolved) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(each, port), Math.max(1, millis / resolved.length));
                    return Optional.empty();
                } catch (SocketTimeoutException e) {
                    finding = new Finding(
                            Fault.SILENT,
                            "no answer from " + each.getHostAddress() + " (host down, or a firewall in between)");
                } catch (ConnectException e) {
                    finding = String.valueOf(e.getMessage()).contains("refused")
                            ? new Finding(Fault.REFUSED)
                            : new Finding(Fault.UNREACHABLE, KafkaFailures.reason(e));
                } catch (IOException e) {
                    finding = new Finding(Fault.UNREACHABLE, KafkaFailures.reason(e));
                }
            }
            return Optional.of(finding);
        } catch (UnknownHostException e) {
            return Optional.of(new Finding(Fault.UNKNOWN_HOST));
        }
    }

    /** As it is written in a command line, and harmless on a terminal: a cluster may have chosen it. */
    @Override
    public String toString() {
        return Text.harmless(host.contains(":") ? "[" + host + "]:" + port : host + ":" + port);
    }
}
