package dev.kstage.profile.format.librdkafka;

import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange.Weight;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Translates properties of librdkafka (its CONFIGURATION.md, 2.x) to those of Kafka's Java clients. Properties with
 * the same name in both stay. Unknown properties stay too, so that there is a warning.
 */
public final class Librdkafka {
    public static final String BROKER_LIST = "metadata.broker.list";

    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry(BROKER_LIST, Profile.BOOTSTRAP_SERVERS),
            Map.entry("sasl.mechanisms", LibrdkafkaLogin.MECHANISM),
            Map.entry("message.max.bytes", "max.request.size"),
            Map.entry("max.in.flight", "max.in.flight.requests.per.connection"),
            Map.entry("queue.buffering.max.ms", "linger.ms"),
            Map.entry("message.send.max.retries", "retries"),
            Map.entry("compression.codec", "compression.type"),
            Map.entry("message.timeout.ms", "delivery.timeout.ms"),
            Map.entry("request.required.acks", "acks"),
            Map.entry("fetch.wait.max.ms", "fetch.max.wait.ms"),
            Map.entry("fetch.message.max.bytes", "max.partition.fetch.bytes"));

    private static final Map<String, String> RESETS = Map.of(
            "smallest", "earliest", "beginning", "earliest", "largest", "latest", "end", "latest", "error", "none");

    private static final Set<String> PYTHON = Set.of("logger", "opaque", "on_delivery", "default.topic.config");

    private static final Set<String> MEANINGLESS = Set.of(
            "builtin.features",
            "message.copy.max.bytes",
            "receive.message.max.bytes",
            "topic.metadata.refresh.interval.ms",
            "topic.metadata.refresh.fast.interval.ms",
            "topic.metadata.refresh.fast.cnt",
            "topic.metadata.refresh.sparse",
            "topic.metadata.propagation.max.ms",
            "topic.blacklist",
            "debug",
            "socket.timeout.ms",
            "socket.blocking.max.ms",
            "socket.send.buffer.bytes",
            "socket.receive.buffer.bytes",
            "socket.keepalive.enable",
            "socket.nagle.disable",
            "socket.max.fails",
            "broker.address.ttl",
            "broker.address.family",
            "reconnect.backoff.jitter.ms",
            "statistics.interval.ms",
            "enabled_events",
            "log_level",
            "log.queue",
            "log.thread.name",
            "log.connection.close",
            "enable.random.seed",
            "internal.termination.signal",
            "api.version.request",
            "api.version.request.timeout.ms",
            "api.version.fallback.ms",
            "broker.version.fallback",
            "ssl.curves.list",
            "ssl.sigalgs.list",
            "ssl.engine.id",
            "ssl.engine.location",
            "ssl.providers",
            "ssl.ca.certificate.stores",
            "plugin.library.paths",
            "group.protocol.type",
            "coordinator.query.interval.ms",
            "queued.min.messages",
            "queued.max.messages.kbytes",
            "fetch.queue.backoff.ms",
            "fetch.error.backoff.ms",
            "offset.store.method",
            "offset.store.path",
            "offset.store.sync.interval.ms",
            "enable.auto.offset.store",
            "auto.commit.enable",
            "enable.partition.eof",
            "consume.callback.max.messages",
            "enable.gapless.guarantee",
            "queue.buffering.max.messages",
            "queue.buffering.max.kbytes",
            "queue.buffering.backpressure.threshold",
            "delivery.report.only.error",
            "batch.num.messages",
            "sticky.partitioning.linger.ms",
            "queuing.strategy",
            "produce.offset.report",
            "compression.level",
            "msg_order_cmp");

    private Librdkafka() {}

    /**
     * @param foreign whether all names are librdkafka's; then properties that both have get librdkafka's meaning
     * @throws dev.kstage.report.Failure if a property that the connection needs has no equivalent
     */
    public static Profile translated(Profile written, boolean foreign) {
        ProfileTranslation draft = new ProfileTranslation(written);
        for (String key : draft.keys()) {
            String name = OTHER_NAMES.get(key);
            if (name != null) {
                draft.rename(key, name);
            }
        }
        upperCase(draft, "security.protocol");
        upperCase(draft, LibrdkafkaLogin.MECHANISM);
        LibrdkafkaTls.translate(draft, foreign);
        LibrdkafkaLogin.translate(draft, foreign);
        String reset = draft.get("auto.offset.reset", "");
        if (RESETS.containsKey(reset)) {
            draft.turn(
                    "auto.offset.reset",
                    "auto.offset.reset",
                    RESETS.getOrDefault(reset, reset),
                    "the Java" + " client's value for it");
        }
        partitioner(draft);
        for (String key : draft.keys()) {
            if (key.endsWith("_cb") || PYTHON.contains(key)) {
                draft.drop(key, "it names Python code, which kstage does not run", Weight.NOTED);
            } else if (MEANINGLESS.contains(key)) {
                draft.drop(key, "only librdkafka has this property", Weight.NOTED);
            }
        }
        return draft.profile();
    }

    private static void upperCase(ProfileTranslation draft, String key) {
        String value = draft.get(key);
        if (value != null && !value.equals(value.strip().toUpperCase(Locale.ROOT))) {
            draft.turn(key, key, value.strip().toUpperCase(Locale.ROOT), "the Java client needs upper case");
        }
    }

    private static void partitioner(ProfileTranslation draft) {
        if (draft.get("partitioner", "").startsWith("murmur2")) {
            draft.drop(
                    "partitioner",
                    "the Java client's default chooses the same partition for records with a key",
                    Weight.SHOWN);
        } else {
            draft.drop(
                    "partitioner",
                    "kstage chooses partitions as Java clients do; `produce --partitioner librdkafka` chooses as"
                            + " librdkafka does",
                    Weight.WARNED);
        }
    }
}
