package dev.kstage.kafka.consumer;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** How a run comes to its partitions: all by assignment, or a share by membership of a group. */
interface Subscription {
    /** Told of partitions that come and go. */
    interface Holder {
        void assigned(Collection<TopicPartition> partitions);

        void revoked(Collection<TopicPartition> partitions);

        void lost(Collection<TopicPartition> partitions);
    }

    /** Begins, or begins anew: every partition comes again, by a call of {@link Holder#assigned}. */
    void begin();

    /** Every partition of the topic, for a sink with a single writer: nothing is waited for. */
    static Subscription ofAll(
            KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions, Holder holder) {
        return () -> {
            consumer.assign(partitions);
            holder.assigned(partitions);
        };
    }

    /** A share of them, as the group decides; it is told during polls. */
    static Subscription ofGroup(KafkaConsumer<byte[], byte[]> consumer, String topic, Holder holder) {
        ConsumerRebalanceListener listener = new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                holder.assigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                holder.revoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                holder.lost(partitions);
            }
        };
        return () -> {
            // Leaving and joinMonitor again: a member that lost a race may not be one any more and not know it.
            consumer.unsubscribe();
            consumer.subscribe(List.of(topic), listener);
        };
    }
}
