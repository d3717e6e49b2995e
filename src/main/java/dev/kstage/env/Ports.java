package dev.kstage.env;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Ports on the loopback address: finds free ones, and the owners of others. */
final class Ports {
    /** The remedy if the port of a Kafka is in use. */
    static final String OTHER_PORT = "stop that program, choose another --port, or use --port 0 for a free port";

    private static final String LISTENING = "0A";

    private Ports() {}

    /** Ports that are free now, all different. */
    static List<Integer> free(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot find a free port", e);
        } finally {
            sockets.forEach(Ports::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw EnvironmentDirectory.failure("cannot close a port", e);
        }
    }

    /**
     * @param remedy what to do if the port is in use
     * @throws Failure if the port is in use, with its process if it is known
     */
    static void requireFree(int port, String remedy) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "port " + port + " is in use",
                    owner(port).map(name -> name + " listens on it").orElse(String.valueOf(e.getMessage())),
                    remedy,
                    e);
        }
    }

    /** The process that listens on a port, if Linux shows it to this user (proc(5), /proc/net/tcp). */
    static Optional<String> owner(int port) {
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("\\s+", -1);
                    if (fields.length > 9
                            && fields[3].equals(LISTENING)
                            && fields[1].endsWith(String.format(Locale.ROOT, ":%04X", port))) {
                        Optional<String> name = processWithSocket(fields[9]);
                        if (name.isPresent()) {
                            return name;
                        }
                    }
                }
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> processWithSocket(String inode) {
        String socket = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> hasOpen(process.pid(), socket))
                .findFirst()
                .map(process -> Text.harmless(process.info().command().orElse("a program")) + " (process "
                        + process.pid() + ")");
    }

    private static boolean hasOpen(long pid, String target) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).toString().equals(target)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            // A process of another user, or one that has just ended.
            return false;
        }
    }
}
