package dev.kstage.kafka.admin;

import dev.kstage.report.Text;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that is open in a partition, so that readers of committed records don't get what comes after its
 * start.
 *
 * @param partition the number of the partition
 * @param stableOffset where the readers have to stop: the last stable offset
 * @param waiting records from there to the high watermark; markers of transactions count, as in each lag
 * @param producerId of whoever opened it, or {@link #UNKNOWN} where this user may not know
 * @param lastRecord the timestamp of that producer's last record in the partition, in milliseconds since 1970 UTC, or
 *     {@link #UNKNOWN}
 * @param transactionalId null where this user may not know
 * @param since when it was opened, in milliseconds since 1970 UTC, or {@link #UNKNOWN}
 */
public record OpenTransaction(
        int partition,
        long stableOffset,
        long waiting,
        long producerId,
        long lastRecord,
        @Nullable String transactionalId,
        long since) {
    static final long UNKNOWN = -1;

    /** What stays the same for as long as it is open. */
    public record Key(int partition, long stableOffset, long producerId) {}

    public Key key() {
        return new Key(partition, stableOffset, producerId);
    }

    /** This transaction with what its coordinator knows of it. */
    public OpenTransaction of(String id, long openedAt) {
        return new OpenTransaction(partition, stableOffset, waiting, producerId, lastRecord, id, openedAt);
    }

    /** One line for a person. */
    public String warning(String topic) {
        return Text.plural(waiting, "record") + " of topic " + topic + " partition " + partition + " "
                + (waiting == 1 ? "waits" : "wait") + " behind an open transaction" + owner() + time()
                + "; what waits is read once that transaction is committed or aborted";
    }

    private String owner() {
        if (producerId == UNKNOWN) {
            return "";
        }
        return transactionalId == null
                ? " of producer id " + producerId
                : " of transactional id " + transactionalId + " (producer id " + producerId + ")";
    }

    private String time() {
        if (since != UNKNOWN) {
            return ", open since " + at(since);
        }
        return lastRecord < 0 ? "" : ", with its last record of " + at(lastRecord);
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }
}
