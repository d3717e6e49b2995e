package dev.kstage.kafka.consumer;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** A member of a consumer group whose offsets somebody else commits. */
public interface GroupMember {
    /**
     * The membership as of the last poll. Kafka rejects a commit of offsets with it once the group has reassigned the
     * partitions (KIP-447). Its generation is negative if the consumer was no member then.
     */
    public ConsumerGroupMetadata groupAsOfPoll();
}
