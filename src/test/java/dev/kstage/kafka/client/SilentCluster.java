package dev.kstage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.profile.Profile;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A cluster for one test that accepts connections, as every listening socket does, and never answers. */
public final class SilentCluster implements AfterEachCallback {
    /** A limit of the user's. */
    public static final Duration SHORT = Duration.ofMillis(500);

    /** A limit that is longer than a test may take: what ends within it has a limit of its own. */
    public static final Duration LONG = Duration.ofHours(1);

    private final ServerSocket socket;

    public SilentCluster() {
        try {
            socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** A clock in nanoseconds on which more than a minute passes between two looks. */
    public static LongSupplier slowClock() {
        long[] now = {0};
        return () -> now[0] += Duration.ofSeconds(61).toNanos();
    }

    /** Fails unless the call ends with a failure that may pass. */
    public static void assertTemporary(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                .isEqualTo(Failure.Kind.TEMPORARY));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        socket.close();
    }
}
