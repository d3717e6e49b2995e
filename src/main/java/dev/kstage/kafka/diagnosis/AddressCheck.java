package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.KafkaFailures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether an address accepts a connection from here, and why not. */
public final class AddressCheck {
    private AddressCheck() {}

    /** Why an address is of no use from here. */
    enum Fault {
        UNKNOWN_HOST("no host of that name is known here"),
        REFUSED("connection refused: nothing listens there"),
        SILENT("no answer (host down, or a firewall in between)"),
        MUTE("it accepts connections and does not answer"),
        OTHER_PROTOCOL("it uses another protocol"),
        UNREACHABLE("no route to it from here");

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
     * What is wrong with an address, or nothing if it accepts a connection. Looking up the name can take longer than
     * {@code millis}, since it can't be given a limit.
     */
    public static Optional<Finding> fault(Address address, int millis) {
        try {
            Finding finding = new Finding(Fault.UNREACHABLE);
            InetAddress[] resolved = InetAddress.getAllByName(address.host());
            for (InetAddress each : resolved) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(each, address.port()), Math.max(1, millis / resolved.length));
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
}
