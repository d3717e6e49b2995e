package dev.kstage.proxy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * A listener of a broker as its clients see it, which loses the requests or the answers that it is told
 * to. Of the protocol it reads what every version has: a request's length, API key and correlation id,
 * an answer's length and correlation id. The broker must advertise {@link #port} for this listener.
 */
public final class KafkaProxy extends Relay {
    private static final int CORRELATION_OF_REQUEST = 4;

    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private final Set<Short> silent = ConcurrentHashMap.newKeySet();

    private record Armed(ApiKeys api, Loss loss) {}

    /** @param brokerPort of the listener on loopback that this one stands for */
    public KafkaProxy(int brokerPort) {
        super(brokerPort);
        start();
    }

    /** From now on, the nth request of this kind is lost. */
    public Loss lose(ApiKeys api, int nth, Loss.Kind kind) {
        Loss loss = new Loss(nth + ". " + api.name, nth, kind);
        armed.add(new Armed(api, loss));
        return loss;
    }

    /** From now on, no request of this kind is answered, on any connection. */
    public void silence(ApiKeys api) {
        silent.add(api.id);
    }

    /** Forgets what it was told to lose, and lets go of what it holds. */
    public void relent() {
        armed.forEach(each -> each.loss().release());
        armed.clear();
        silent.clear();
    }

    private @Nullable Loss lossOf(short api) {
        return armed.stream()
                .filter(each -> each.api().id == api && each.loss().isThis())
                .map(Armed::loss)
                .findFirst()
                .orElse(null);
    }

    @Override
    Both directions() {
        Map<Integer, Loss> answers = new ConcurrentHashMap<>();
        return new Both(
                (from, to, connection) -> requests(from, to, connection, answers),
                (from, to, connection) -> answers(from, to, connection, answers));
    }

    private void requests(DataInputStream from, OutputStream to, Connection connection, Map<Integer, Loss> answers)
            throws IOException {
        while (true) {
            byte[] frame = frame(from);
            ByteBuffer request = ByteBuffer.wrap(frame, Integer.BYTES, frame.length - Integer.BYTES)
                    .slice();
            if (silent.contains(request.getShort(0))) {
                // The server never sees it, and nobody says so.
                continue;
            }
            Loss loss = lossOf(request.getShort(0));
            if (loss != null && loss.kind() == Loss.Kind.REQUEST_CUT) {
                connection.cut();
                loss.happen();
                return;
            }
            if (loss != null) {
                answers.put(request.getInt(CORRELATION_OF_REQUEST), loss);
            }
            to.write(frame);
        }
    }

    private static void answers(DataInputStream from, OutputStream to, Connection connection, Map<Integer, Loss> losses)
            throws IOException, InterruptedException {
        while (true) {
            byte[] frame = frame(from);
            Loss loss = losses.remove(ByteBuffer.wrap(frame).getInt(Integer.BYTES));
            if (loss != null && loss.kind() == Loss.Kind.ANSWER_CUT) {
                connection.cut();
                loss.happen();
                return;
            }
            if (loss != null) {
                loss.happen();
                loss.awaitRelease();
            }
            to.write(frame);
        }
    }

    /** The next message, with the length that stands before it. */
    private static byte[] frame(DataInputStream from) throws IOException {
        int length = from.readInt();
        byte[] frame = new byte[Integer.BYTES + length];
        ByteBuffer.wrap(frame).putInt(length);
        from.readFully(frame, Integer.BYTES, length);
        return frame;
    }
}
