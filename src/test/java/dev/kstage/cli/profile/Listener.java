package dev.kstage.cli.profile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A Kafka of somebody else's: it answers as a real one does, and keeps what it was sent. */
final class Listener implements AutoCloseable {
    private final ServerSocket socket;
    private final String host;
    private final int port;
    private final List<Thread> connections = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private volatile int last = -1;
    private volatile CountDownLatch isLast = new CountDownLatch(1);

    /** @param bootstrapServers a Kafka that answers for it */
    Listener(String bootstrapServers) {
        int colon = bootstrapServers.lastIndexOf(':');
        host = bootstrapServers.substring(0, colon);
        port = Integer.parseInt(bootstrapServers.substring(colon + 1));
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::listen);
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void listen() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                if (client.getPort() == last) {
                    client.close();
                    isLast.countDown();
                } else {
                    connections.add(start(() -> relay(client)));
                }
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void relay(Socket client) {
        try (client;
                Socket kafka = new Socket(host, port);
                InputStream in = client.getInputStream();
                OutputStream out = kafka.getOutputStream()) {
            start(() -> answer(kafka, client));
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                synchronized (heard) {
                    heard.write(buffer, 0, read);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side is gone.
        }
    }

    private static void answer(Socket kafka, Socket client) {
        try {
            kafka.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // One side is gone.
        }
    }

    String address() {
        return "localhost:" + socket.getLocalPort();
    }

    /** What processes that have ended have sent since it was asked before. */
    String heard() {
        isLast = new CountDownLatch(1);
        try (Socket after = new Socket()) {
            // Connections are taken in their order: behind this one there are none.
            after.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            last = after.getLocalPort();
            after.connect(socket.getLocalSocketAddress());
            if (!isLast.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("connections wait");
            }
            for (Thread each : connections) {
                each.join(20_000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        connections.clear();
        synchronized (heard) {
            String text = heard.toString(StandardCharsets.ISO_8859_1);
            heard.reset();
            return text;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
