package dev.kstage.sink.directory;

import dev.kstage.record.Position;
import dev.kstage.sink.disk.StoredDocument;

/**
 * The start of the chain of one partition: {@code _kstage/p3/start.json}, created once with a hard link.
 *
 * @param format the version of the directory's format
 * @param sinkId the id of the directory
 * @param topicId the id of the topic
 * @param partition the partition
 * @param first the first offset of the chain
 * @param leaderEpoch the leader epoch at that offset, or -1
 */
record PartitionStart(int format, String sinkId, String topicId, int partition, long first, int leaderEpoch)
        implements StoredDocument {
    static PartitionStart of(Manifest manifest, int partition, Position first) {
        return new PartitionStart(
                FORMAT, manifest.sinkId(), manifest.topicId(), partition, first.next(), first.leaderEpoch());
    }

    Position position() {
        return new Position(first, leaderEpoch);
    }

    // Jackson sets missing fields to null or 0.
    @Override
    @SuppressWarnings("ConstantConditions")
    public boolean complete() {
        return format == FORMAT
                && sinkId != null
                && topicId != null
                && partition >= 0
                && first >= 0
                && leaderEpoch >= Position.NO_EPOCH;
    }
}
