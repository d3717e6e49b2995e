package dev.kstage.source;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.stage.Batch;
import dev.kstage.stage.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The original records of dead-letter records. It has one partition; positions count records, in the order of the
 * destination. It reads the records twice: first to compute their digest, then to return them.
 */
public final class DeadLetterSource extends SinglePartitionSource {
    private static final int READ_AHEAD = 256;

    private final DeadLetters deadLetters;
    private final Predicate<DeadLetters.Kept> chosen;
    private final boolean keepsPartitions;
    private final long count;
    private final String digest;
    private @Nullable Reader reader;
    private long next;

    /**
     * Counts the records.
     *
     * @param chosen selects the records to replay
     * @param keepsPartitions whether each record goes to its original partition
     * @throws Failure if they can't be read
     */
    public DeadLetterSource(DeadLetters deadLetters, Predicate<DeadLetters.Kept> chosen, boolean keepsPartitions) {
        this.deadLetters = deadLetters;
        this.chosen = chosen;
        this.keepsPartitions = keepsPartitions;
        MessageDigest sha = sha256();
        long[] counted = {0};
        deadLetters.forEach(kept -> {
            if (chosen.test(kept)) {
                counted[0]++;
                add(sha, kept);
            }
        });
        this.count = counted[0];
        this.digest = HexFormat.of().formatHex(sha.digest());
    }

    /** The number of selected records. */
    public long count() {
        return count;
    }

    /** A digest of the records; equal for the same records in the same order. */
    public String digest() {
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has this digest", e);
        }
    }

    private static void add(MessageDigest sha, DeadLetters.Kept kept) {
        Record record = kept.deadLetter().record();
        add(sha, kept.topic().getBytes(StandardCharsets.UTF_8));
        sha.update(ByteBuffer.allocate(12)
                .putInt(record.partition())
                .putLong(record.offset())
                .flip());
        add(sha, array(record.key()));
        add(sha, array(record.value()));
        for (Header header : record.headers()) {
            add(sha, header.key().getBytes(StandardCharsets.UTF_8));
            add(sha, array(header.value()));
        }
    }

    private static void add(MessageDigest sha, byte @Nullable [] bytes) {
        sha.update(
                ByteBuffer.allocate(4).putInt(bytes == null ? -1 : bytes.length).flip());
        if (bytes != null) {
            sha.update(bytes);
        }
    }

    private static byte @Nullable [] array(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.array();
    }

    @Override
    public Origin origin() {
        return new Origin(deadLetters.place(), digest);
    }

    @Override
    protected void goTo(long position) {
        close();
        next = position;
        reader = new Reader(next);
    }

    /** The destination passes its records to a callback that can't be stopped, so this needs its own thread. */
    private final class Reader implements Runnable {
        private final BlockingQueue<Record> queue = new ArrayBlockingQueue<>(READ_AHEAD);
        private final Thread thread = new Thread(this, "dead-letter reader");
        private final long first;
        private long passed;
        private volatile @Nullable RuntimeException failure;
        private volatile boolean ended;

        Reader(long first) {
            this.first = first;
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void run() {
            try {
                deadLetters.forEach(kept -> {
                    if (chosen.test(kept) && passed++ >= first && passed <= count) {
                        give(kept.deadLetter().record());
                    }
                });
            } catch (RuntimeException e) {
                failure = e;
            }
            ended = true;
        }

        private void give(Record record) {
            try {
                queue.put(record);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the reader was closed", e);
            }
        }

        @Nullable
        Record take(Duration wait) {
            boolean wasEnded = ended;
            Record record;
            try {
                record = queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            if (record == null && wasEnded) {
                throw failure != null ? failure : changed();
            }
            return record;
        }
    }

    private Failure changed() {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "cannot read all dead-letter records of " + deadLetters.place(),
                "some that existed at the start were deleted",
                "stop what changes them, then run the same command again");
    }

    @Override
    public Batch poll(int most, Duration wait) {
        List<Record> records = new ArrayList<>();
        while (records.size() < Math.min(most, READ_AHEAD) && next < count) {
            Record record =
                    Objects.requireNonNull(reader, "set by restart").take(records.isEmpty() ? wait : Duration.ZERO);
            if (record == null) {
                break;
            }
            records.add(asSent(record));
            next++;
        }
        return new Batch(records, Positions.of(Map.of(0, Position.at(next))));
    }

    /** With a new timestamp: with the old one, retention might delete the record at once. */
    private Record asSent(Record record) {
        return new Record(
                keepsPartitions ? record.partition() : Record.UNSET,
                record.offset(),
                Record.UNSET,
                record.key(),
                record.value(),
                record.headers());
    }

    @Override
    public boolean isAtEnd() {
        return next >= count;
    }

    @Override
    public long lag() {
        return count - next;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.thread.interrupt();
        }
    }
}
