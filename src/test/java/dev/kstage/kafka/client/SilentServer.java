package dev.kstage.kafka.client;

import dev.kstage.profile.Profile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A cluster that accepts connections, as every listening socket does, and never answers. */
public final class SilentServer implements AutoCloseable {
    private final ServerSocket socket;

    public SilentServer() throws IOException {
        socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    }

    public Address address() {
        return new Address("127.0.0.1", socket.getLocalPort());
    }

    /** Settings of clients that connect to it. */
    public ClientSettings settings(Duration timeout) {
        return new ClientSettings(
                new Profile(
                        "silent",
                        new TreeMap<>(Map.of(Profile.BOOTSTRAP_SERVERS, "127.0.0.1:" + socket.getLocalPort()))),
                timeout);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
