package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything listens at the bootstrap servers. Kafka's clients retry without a word until their
 * time is up; a plain connection tells in a moment what is wrong, and at which address.
 */
final class Reachability {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[A-Za-z_0-9]+://)?(?:\\[([^]]+)]|([^:/\\[\\]]+)):(\\d{1,5})");

    private Reachability() {}

    /**
     * @param servers addresses separated by commas; one that answers is enough
     * @throws Failure if an address makes no sense, or none answers in time
     */
    static void require(String servers, Duration timeout) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String server : servers.split(",", -1)) {
            addresses.add(parse(server.strip()));
        }
        // Looking up a name can't be given a limit, so all of it runs beside and is waited for.
        CompletableFuture<@Nullable String> attempt = new CompletableFuture<>();
        Thread thread = new Thread(() -> attempt.complete(firstFault(addresses, timeout)), "reachability");
        thread.setDaemon(true);
        thread.start();
        String fault;
        try {
            fault = attempt.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            fault = "no answer within " + timeout.toSeconds() + " s";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = "interrupted";
        }
        if (fault != null) {
            throw new Failure(Failure.Kind.TEMPORARY, "cannot reach Kafka at " + servers, fault, remedy(addresses));
        }
    }

    /** Whether these servers are all on this machine. */
    static boolean isLocal(String servers) {
        return Stream.of(servers.split(",", -1))
                .map(server -> parse(server.strip()))
                .allMatch(Reachability::isLocal);
    }

    private static boolean isLocal(InetSocketAddress address) {
        return address.getHostString().matches("localhost|127\\..*|::1");
    }

    private static String remedy(List<InetSocketAddress> addresses) {
        boolean local = addresses.stream().allMatch(Reachability::isLocal);
        return local
                ? "start a local Kafka with `kstage env up`, or give the right address with -b HOST:PORT"
                : "check the address, and that this machine may reach it (network, VPN, firewall)";
    }

    private static InetSocketAddress parse(String server) {
        Matcher matcher = ADDRESS.matcher(server);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "\"" + server + "\" is not the address of a server",
                    "an address is HOST:PORT, several are separated by commas",
                    "write it like localhost:29092");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(matcher.group(3)));
    }

    /** What is wrong with all of them, or null if one answers. */
    private static @Nullable String firstFault(List<InetSocketAddress> addresses, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        List<String> faults = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            long share = Math.max(1, (end - System.nanoTime()) / 1_000_000 / (addresses.size() - faults.size()));
            String fault = fault(address, (int) share);
            if (fault == null) {
                return null;
            }
            faults.add(
                    addresses.size() == 1 ? fault : address.getHostString() + ":" + address.getPort() + ": " + fault);
        }
        return String.join("; ", faults);
    }

    private static @Nullable String fault(InetSocketAddress address, int millis) {
        try {
            String fault = null;
            InetAddress[] resolved = InetAddress.getAllByName(address.getHostString());
            for (InetAddress each : resolved) {
                try (Socket socket = new Socket()) {
                    socket.connect(
                            new InetSocketAddress(each, address.getPort()), Math.max(1, millis / resolved.length));
                    return null;
                } catch (SocketTimeoutException e) {
                    fault = "no answer from " + each.getHostAddress() + " (host down, or a firewall in between)";
                } catch (ConnectException e) {
                    fault = "connection refused: nothing listens there";
                } catch (IOException e) {
                    fault = String.valueOf(e.getMessage());
                }
            }
            return fault;
        } catch (UnknownHostException e) {
            return "unknown host " + address.getHostString();
        }
    }
}
