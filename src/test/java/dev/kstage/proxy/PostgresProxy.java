package dev.kstage.proxy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server as its clients see it, which loses answers to COMMIT. Whatever way the client asks
 * for it, the server says {@code CommandComplete} with the tag {@code COMMIT} once it has done it: that
 * message is the one which does not arrive. Clients must connect without TLS ({@code sslmode=disable}).
 */
public final class PostgresProxy extends Relay {
    private static final char COMMAND_COMPLETE = 'C';
    private static final byte[] COMMITTED = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TYPE_AND_LENGTH = 1 + Integer.BYTES;

    private final List<Loss> armed = new CopyOnWriteArrayList<>();

    /** @param serverPort of the server on loopback */
    public PostgresProxy(int serverPort) {
        super(serverPort);
        start();
    }

    /** From now on, the answer to the nth COMMIT is lost with its connection. */
    public Loss loseCommitted(int nth) {
        Loss loss = new Loss(nth + ". COMMIT", nth, Loss.Kind.ANSWER_CUT);
        armed.add(loss);
        return loss;
    }

    @Override
    Both directions() {
        return new Both((from, to, connection) -> from.transferTo(to), this::answers);
    }

    private void answers(DataInputStream from, OutputStream to, Connection connection) throws IOException {
        while (true) {
            byte type = from.readByte();
            int length = from.readInt();
            ByteBuffer message = ByteBuffer.allocate(1 + length).put(type).putInt(length);
            from.readFully(message.array(), TYPE_AND_LENGTH, length - Integer.BYTES);
            Loss loss = isCommitted(type, message) ? next() : null;
            if (loss != null) {
                connection.cut();
                loss.happen();
                return;
            }
            to.write(message.array());
        }
    }

    private static boolean isCommitted(byte type, ByteBuffer message) {
        return type == COMMAND_COMPLETE
                && message.slice(TYPE_AND_LENGTH, message.capacity() - TYPE_AND_LENGTH)
                        .equals(ByteBuffer.wrap(COMMITTED));
    }

    private @Nullable Loss next() {
        return armed.stream().filter(Loss::isThis).findFirst().orElse(null);
    }
}
