package dev.kstage.kafka.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class JavaPartitionerTest {
    @Test
    void a_key_goes_where_the_java_client_sends_it() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            int partitions = 1 + random.nextInt(50);

            assertThat(JavaPartitioner.partition(Bytes.of(key), i, partitions))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }

    @Test
    void records_without_a_key_go_round() {
        assertThat(new int[] {
                    JavaPartitioner.partition(null, 0, 3),
                    JavaPartitioner.partition(null, 1, 3),
                    JavaPartitioner.partition(null, 2, 3),
                    JavaPartitioner.partition(null, 3, 3),
                    JavaPartitioner.partition(null, Long.MAX_VALUE, 3)
                })
                .containsExactly(0, 1, 2, 0, 1);
    }
}
