package dev.kstage.kafka.reader;

import dev.kstage.record.Position;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Maps positions to committed offsets of Kafka and back. */
public final class PositionMapper {
    private PositionMapper() {}

    public static OffsetAndMetadata offset(Position position, String metadata) {
        return new OffsetAndMetadata(
                position.next(),
                position.leaderEpoch() == Position.NO_EPOCH ? Optional.empty() : Optional.of(position.leaderEpoch()),
                metadata);
    }

    public static Position position(OffsetAndMetadata offset) {
        return new Position(offset.offset(), offset.leaderEpoch().orElse(Position.NO_EPOCH));
    }
}
