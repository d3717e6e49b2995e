package dev.kstage.sink.directory;

import dev.kstage.record.Position;
import dev.kstage.sink.disk.StoredDocument;

/**
 * Where the chain of one partition begins: {@code _kstage/p3/start.json}, linked once.
 *
 * @param format the version of the directory's layout
 * @param sinkId that of the directory
 * @param topicId the id of the topic
 * @param partition the partition
 * @param first the first offset that the chain covers
 * @param leaderEpoch the leader's epoch at that offset, or -1
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

    // Jackson leaves what a document lacks null or 0.
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
