package dev.kstage.kafka.producer;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.diagnosis.Configuration;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a topic for one record, as far as its configuration tells. They are checked before the record is
 * sent: a broker rejects a whole batch for one record, and that aborts a transaction.
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
    /** The rules of a topic, as far as this user may read its configuration. */
    public static RecordRules of(Cluster cluster, String topic) {
        Configuration configuration = cluster.configuration(topic);
        boolean keepsTime =
                configuration.text(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("CreateTime");
        long largest =
                configuration.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).orElse(Long.MAX_VALUE);
        return new RecordRules(
                topic,
                largest > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) largest),
                (int) Math.min(largest, Integer.MAX_VALUE),
                configuration.text(TopicConfig.CLEANUP_POLICY_CONFIG).contains("compact"),
                keepsTime
                        ? configuration
                                .number(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG)
                                .orElse(Long.MAX_VALUE)
                        : Long.MAX_VALUE,
                keepsTime
                        ? configuration
                                .number(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG)
                                .orElse(Long.MAX_VALUE)
                        : Long.MAX_VALUE);
    }

    /** These rules for a producer with these settings. */
    public RecordRules sentBy(Map<String, Object> producer) {
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
    public String refusal(Record record, long now) {
        if (needsKey && record.key() == null) {
            return "it has no key, and topic " + topic + " is compacted (cleanup.policy)";
        }
        if (!isSmall(record) && RecordSize.alone(record) > largestAlone) {
            return "it takes " + Text.plural(RecordSize.alone(record), "byte") + ", and topic " + topic + " takes "
                    + Text.count(largestAlone) + " (max.message.bytes)";
        }
        return refusalOfTime(record, now);
    }

    /** Why the topic does not accept the timestamp of a record, or null if it does. */
    @Nullable
    public String refusalOfTime(Record record, long now) {
        if (record.timestamp() == Record.UNSET || (mostBefore == Long.MAX_VALUE && mostAfter == Long.MAX_VALUE)) {
            return null;
        }
        long ahead = record.timestamp() - now;
        return ahead > mostAfter
                ? time(record) + " is ahead of now by more than " + Text.duration(Duration.ofMillis(mostAfter))
                        + ", and topic " + topic + " does not accept such a timestamp (message.timestamp.after.max.ms)"
                : -ahead > mostBefore
                        ? time(record) + " is older than " + Text.duration(Duration.ofMillis(mostBefore))
                                + ", and topic " + topic
                                + " does not accept such a timestamp (message.timestamp.before.max.ms)"
                        : null;
    }

    /** The end of a run that has to send a record which the topic does not take. */
    public Failure failure(String name, String refusal) {
        return new Failure(
                Failure.Kind.FAILED, notSent(name), refusal, "change it, or the configuration of topic " + topic);
    }

    /** What has failed where a record can't be sent. */
    public String notSent(String name) {
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
    public boolean isNearLimit(Record record) {
        return !isSmall(record) && largestAlone - RecordSize.alone(record) < ClientSettings.LARGEST_OVERESTIMATE;
    }

    /** Whether there is no need to look more closely, and so no time to lose. */
    private boolean isSmall(Record record) {
        return largestAlone == Integer.MAX_VALUE
                || (record.headers().isEmpty() && record.size() < largestAlone - MOST_AROUND_A_RECORD);
    }
}
