package dev.kstage.proxy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Accepts connections on loopback and hands on what each side sends, message by message. */
abstract class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    /** @param serverPort of the server on loopback */
    Relay(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients connect. */
    public final int port() {
        return listener.getLocalPort();
    }

    final void start() {
        run("accept", () -> {
            while (true) {
                Connection connection = new Connection(listener.accept());
                connections.add(connection);
                connection.begin();
            }
        });
    }

    /** What one side sends the other, until it ends. */
    interface Direction {
        /** @param connection to be cut by it, if it loses something */
        void handOn(DataInputStream from, OutputStream to, Connection connection)
                throws IOException, InterruptedException;
    }

    /** What to do with the messages of one new connection. */
    abstract Both directions();

    /** The two directions of a connection, which may share what they know. */
    record Both(Direction toServer, Direction toClient) {}

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException e) {
                        // The end of a connection, or of the test.
                        return;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A client's connection with the one to the server that it stands for. */
    final class Connection {
        private final Socket client;
        private final Socket server = new Socket();

        private Connection(Socket client) {
            this.client = client;
        }

        private void begin() throws IOException {
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
            } catch (IOException e) {
                // The server is down: the client is told by the end of its connection.
                cut();
                return;
            }
            Both both = directions();
            run("to server", () -> pump(client, server, both.toServer()));
            run("to client", () -> pump(server, client, both.toClient()));
        }

        private void pump(Socket from, Socket to, Direction direction) throws IOException, InterruptedException {
            try {
                direction.handOn(new DataInputStream(from.getInputStream()), to.getOutputStream(), this);
            } finally {
                cut();
            }
        }

        void cut() {
            connections.remove(this);
            close(client);
            close(server);
        }

        private void close(@Nullable Socket socket) {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Cuts every connection and takes no more. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::cut);
    }
}
