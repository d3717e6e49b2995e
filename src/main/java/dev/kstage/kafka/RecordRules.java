package dev.kstage.kafka;

import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a topic takes of one record, as far as its configuration tells that before the record is sent: a broker refuses
 * a whole batch for one of its records, and in a transaction that ends all of it.
 *
 * @param topic for messages
 * @param largestBatch in bytes, {@code max.message.bytes}, checked before the broker compresses anything; empty where this
 *     user may not know it
 * @param largestAlone the same for a batch of one record; {@link Integer#MAX_VALUE} where only the broker knows, since it
 *     is sent compressed
 * @param needsKey whether it is compacted, and so takes no record without a key
 * @param mostBefore by how many milliseconds a timestamp may be older than the broker's time
 * @param mostAfter by how many it may be ahead
 */
public record RecordRules(
        String topic, OptionalInt largestBatch, int largestAlone, boolean needsKey, long mostBefore, long mostAfter) {
    // Of the batch and the record, without headers.
    private static final int MOST_AROUND_A_RECORD = 150;
    /** By how many bytes the client takes a record for larger than it is, at the most. */
    static final int MOST_ESTIMATED = 32;

    /** Where nothing is known. */
    static RecordRules unknown(String topic) {
        return new RecordRules(topic, OptionalInt.empty(), Integer.MAX_VALUE, false, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    static RecordRules of(Admin admin, String topic) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = Objects.requireNonNull(
                            admin.describeConfigs(List.of(resource)).values().get(resource), "asked for")
                    .get(Configuration.LONGEST_MINUTES, TimeUnit.MINUTES);
            boolean keepsTime =
                    text(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime");
            long largest = number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return new RecordRules(
                    topic,
                    largest > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) largest),
                    (int) Math.min(largest, Integer.MAX_VALUE),
                    text(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains("compact"),
                    keepsTime ? number(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG) : Long.MAX_VALUE,
                    keepsTime ? number(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG) : Long.MAX_VALUE);
        } catch (ExecutionException | TimeoutException e) {
            return unknown(topic);
        }
    }

    private static String text(Config config, String setting) {
        ConfigEntry entry = config.get(setting);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private static long number(Config config, String setting) {
        String value = text(config, setting);
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : Long.MAX_VALUE;
    }

    /** The same for a producer with these settings. */
    RecordRules sentBy(Map<String, Object> producer) {
        boolean compresses = !String.valueOf(producer.getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"))
                .equals("none");
        return compresses
                ? new RecordRules(topic, largestBatch, Integer.MAX_VALUE, needsKey, mostBefore, mostAfter)
                : this;
    }

    /**
     * Why the topic does not take a record, in words that "since" can precede, or null if it does as far as is known.
     *
     * @param now in milliseconds since 1970
     */
    @Nullable
    String refusal(Record record, long now) {
        if (needsKey && record.key() == null) {
            return "it has no key, and topic " + topic + " is compacted (cleanup.policy)";
        }
        if (!isSmall(record) && RecordSize.alone(record) > largestAlone) {
            return "it takes " + Text.plural(RecordSize.alone(record), "byte") + ", and topic " + topic + " takes "
                    + Text.count(largestAlone) + " (max.message.bytes)";
        }
        return refusalOfTime(record, now);
    }

    /** The same for its timestamp alone. */
    @Nullable
    String refusalOfTime(Record record, long now) {
        if (record.timestamp() == Record.UNSET || (mostBefore == Long.MAX_VALUE && mostAfter == Long.MAX_VALUE)) {
            return null;
        }
        long ahead = record.timestamp() - now;
        return ahead > mostAfter
                ? time(record) + " is ahead of now by more than " + Text.duration(Duration.ofMillis(mostAfter))
                        + ", and topic " + topic + " takes no such time (message.timestamp.after.max.ms)"
                : -ahead > mostBefore
                        ? time(record) + " is older than " + Text.duration(Duration.ofMillis(mostBefore))
                                + ", and topic " + topic + " takes no such time (message.timestamp.before.max.ms)"
                        : null;
    }

    /** The end of a run that has to send a record which the topic does not take. */
    Failure failure(String name, String refusal) {
        return new Failure(
                Failure.Kind.FAILED, notSent(name), refusal, "change it, or the configuration of topic " + topic);
    }

    /** What has failed where a record can't be sent. */
    String notSent(String name) {
        return name + " can't be sent to topic " + topic;
    }

    private static String time(Record record) {
        return "its timestamp " + Instant.ofEpochMilli(record.timestamp());
    }

    /**
     * Whether a record has to be in a batch of its own. The client makes room for a record by an estimate that is a
     * little high, and may add a small one: a batch over the limit, which it splits again and again into the same two
     * (KAFKA-8350).
     */
    boolean isNearLimit(Record record) {
        return !isSmall(record) && largestAlone - RecordSize.alone(record) < MOST_ESTIMATED;
    }

    /** Whether there is no need to look more closely, and so no time to lose. */
    private boolean isSmall(Record record) {
        return largestAlone == Integer.MAX_VALUE
                || (record.headers().isEmpty() && record.size() < largestAlone - MOST_AROUND_A_RECORD);
    }
}
