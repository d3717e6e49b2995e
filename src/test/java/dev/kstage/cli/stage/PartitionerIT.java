package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Keys go to the partitions that producers on librdkafka have sent them to. */
@ExtendWith(SharedKafka.class)
final class PartitionerIT {
    private static final int PARTITIONS = 7;

    private final Installation kstage;
    private final KafkaClients kafka;

    PartitionerIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    private void sendsAsLibrdkafkaDoes(String topic, String... more) {
        kafka.createTopic(topic, PARTITIONS);
        Installation.write(
                kstage.file("lines"),
                IntStream.range(0, 50).mapToObj(i -> "key-" + i + "\tvalue\n").collect(Collectors.joining()));
        String[] command = new String[more.length + 8];
        System.arraycopy(
                new String[] {
                    "produce", topic, "--from", "lines", "--format", "key-value", "--partitioner", "librdkafka"
                },
                0,
                command,
                0,
                8);
        System.arraycopy(more, 0, command, 8, more.length);
        kstage.run(command).expect(0);

        assertThat(kafka.read(topic)).hasSize(50).allSatisfy(record -> {
            CRC32 checksum = new CRC32();
            checksum.update(Objects.requireNonNull(record.key()));
            assertThat(record.partition()).isEqualTo((int) (checksum.getValue() % PARTITIONS));
        });
    }

    @Test
    void without_an_id() {
        sendsAsLibrdkafkaDoes("crc");
    }

    @Test
    void with_an_id_of_which_it_is_a_parameter() {
        sendsAsLibrdkafkaDoes("crc-run", "--run-id", "crc");

        assertThat(kstage.run("produce", "crc-run", "--from", "lines", "--format", "key-value", "--run-id", "crc")
                        .expect(2)
                        .stderr())
                .contains("--partitioner was given, and is not now");
    }
}
