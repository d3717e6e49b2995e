package dev.kstage.kafka;

import dev.kstage.profile.Profile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Something that accepts connections, as every listening socket does by itself, and never answers. */
final class SilentServer implements AutoCloseable {
    private final ServerSocket socket;

    SilentServer() throws IOException {
        socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    }

    Address address() {
        return new Address("127.0.0.1", socket.getLocalPort());
    }

    /** Settings that lead to it. */
    ClientSettings settings(Duration timeout) {
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
