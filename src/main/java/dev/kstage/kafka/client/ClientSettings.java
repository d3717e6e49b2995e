package dev.kstage.kafka.client;

import dev.kstage.profile.Profile;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of every Kafka client. Settings that exactly once depends on win over the profile; the profile
 * wins over defaults for throughput.
 */
public final class ClientSettings {
    static {
        // A profile may come from someone else: nothing in it may load code or read files by itself.
        setUnlessSet("org.apache.kafka.automatic.config.providers", "none");
        setUnlessSet(
                "org.apache.kafka.allowed.login.modules",
                "org.apache.kafka.common.security.plain.PlainLoginModule,"
                        + "org.apache.kafka.common.security.scram.ScramLoginModule,"
                        + "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule");
    }

    /** How long a run waits for a cluster that has stopped answering, before it fails. */
    public static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

    /** By how many bytes, at most, the producer overestimates the size of a record. */
    public static final int LARGEST_OVERESTIMATE = 32;

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(60);
    private static final int MOST_BLOCK = 15_000;
    private static final int LEAST_BLOCK = 1_000;
    private static final Map<String, Object> PRODUCER_ALWAYS = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class);
    private static final Map<String, Object> CONSUMER_ALWAYS = Map.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class);
    private static final Map<String, Object> PRODUCER_DEFAULTS = Map.of(
            // As long as LONGEST_OUTAGE; a request is tried again within it.
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            60_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            15_000,
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 * 1024,
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            64L << 20);
    private static final Map<String, Object> CONSUMER_DEFAULTS = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 << 20,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100,
            // As much as the system finds right, so that records go on coming while others are stored.
            ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);

    private final Profile profile;
    private final Duration timeout;
    private final List<String> warnings = new ArrayList<>();
    private volatile BrokerRequests brokerRequests = BrokerRequests.UNKNOWN;

    /**
     * @param profile where and how to connect
     * @param timeout how long to wait for an answer of the cluster
     */
    public ClientSettings(Profile profile, Duration timeout) {
        this.profile = profile;
        this.timeout = timeout;
        allowTokenEndpoint();
        warnOfUnsafe();
        Set<String> known = PropertyNames.known();
        for (String key : profile.properties().keySet()) {
            if (PRODUCER_ALWAYS.containsKey(key) || CONSUMER_ALWAYS.containsKey(key)) {
                warnings.add("\"" + key
                        + "\" is always set by kstage, because exactly once depends on it; the given value is ignored");
            } else if (key.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
                warnings.add("\"" + key + "\" is always chosen by kstage; the given value is ignored");
            } else if (!known.contains(key)) {
                warnings.add("\"" + key + "\" is not a property of Kafka's Java clients; it is ignored"
                        + PropertyNames.suggestion(key));
            }
        }
    }

    /** The client fetches tokens from no address that a system property does not name (CVE-2025-27817). */
    private void allowTokenEndpoint() {
        String endpoint = profile.properties().get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        if (endpoint != null) {
            setUnlessSet("org.apache.kafka.sasl.oauthbearer.allowed.urls", endpoint);
        }
    }

    private void warnOfUnsafe() {
        String protocol = profile.properties().getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "");
        if (protocol.equalsIgnoreCase("SASL_PLAINTEXT") && !Address.areLocal(profile.bootstrapServers())) {
            warnings.add("security.protocol is SASL_PLAINTEXT: user name and password are sent unencrypted");
        }
        if (profile.properties()
                .getOrDefault(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https")
                .isBlank()) {
            warnings.add(
                    "ssl.endpoint.identification.algorithm is empty: any server with a trusted certificate is accepted");
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** What the user should know about the properties given, one line each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** How long to wait for an answer of the cluster. */
    public Duration timeout() {
        return timeout;
    }

    /** The servers of a first contact, separated by commas. */
    public String bootstrapServers() {
        return profile.bootstrapServers();
    }

    public TlsSettings tls() {
        return new TlsSettings(profile);
    }

    /** The requests that the cluster takes, as {@link #setBrokerRequests} was last told. */
    public BrokerRequests brokerRequests() {
        return brokerRequests;
    }

    /** Remembers what a broker of the cluster has answered. */
    public void setBrokerRequests(BrokerRequests answered) {
        brokerRequests = answered;
    }

    /** The group that the profile names, or null. */
    public @Nullable String group() {
        return profile.properties().get(ConsumerConfig.GROUP_ID_CONFIG);
    }

    /** @param limit how long a request may take, at most {@link #timeout} */
    public Map<String, Object> admin(Duration limit) {
        Map<String, Object> settings = limits(limit);
        addKnown(settings, AdminClientConfig.configNames());
        return settings;
    }

    /**
     * @param compression the codec, or null for what the profile says
     * @param largestBatch the largest batch that the topic takes, in bytes, if that is known
     */
    public Map<String, Object> producer(@Nullable String compression, OptionalInt largestBatch) {
        Map<String, Object> settings = new HashMap<>(PRODUCER_DEFAULTS);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "kstage");
        limitLogin(settings, timeout);
        addKnown(settings, ProducerConfig.configNames());
        if (compression != null) {
            settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
        }
        settings.putAll(PRODUCER_ALWAYS);
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        // A batch that the topic refuses is split by batch.size, and one that does not get smaller by that is
        // sent and rejected again and again (KAFKA-8350). Without compression the client can tell beforehand.
        largestBatch.ifPresent(limit -> {
            settings.computeIfPresent(ProducerConfig.BATCH_SIZE_CONFIG, (key, size) -> atMost(limit, size));
            if (String.valueOf(settings.getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"))
                    .equals("none")) {
                // The client takes a record for larger than it is.
                int most = limit > Integer.MAX_VALUE - LARGEST_OVERESTIMATE
                        ? Integer.MAX_VALUE
                        : limit + LARGEST_OVERESTIMATE;
                settings.merge(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, most, (size, other) -> atMost(most, size));
            }
        });
        return settings;
    }

    /**
     * Settings of a transactional producer.
     *
     * @param id the transactional id
     * @param timeout after which the cluster gives up a transaction that was left open
     */
    public Map<String, Object> transactions(
            String id, Duration timeout, @Nullable String compression, OptionalInt largestBatch) {
        Map<String, Object> settings = producer(compression, largestBatch);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(timeout.toMillis()));
        // A call that takes longer is made again, after a look at whether the user wants to end.
        settings.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                Math.toIntExact(Math.min(
                        MOST_BLOCK, Math.max(LEAST_BLOCK, deliveryTimeout().toMillis()))));
        return settings;
    }

    /** Lets no batch of several records be larger than this: for topics whose limit is not that of one record. */
    public static void limitBatches(Map<String, Object> producer, int limit) {
        producer.computeIfPresent(ProducerConfig.BATCH_SIZE_CONFIG, (key, size) -> atMost(limit, size));
    }

    private static Object atMost(int limit, Object size) {
        String text = String.valueOf(size);
        return text.matches("\\d{1,9}") ? Math.min(limit, Integer.parseInt(text)) : size;
    }

    /** The largest request that the profile allows, as it says it; empty if it does not. */
    String largestRequest() {
        return profile.properties().getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "");
    }

    /** How long the producer tries to deliver a record, and so how long it is tried to commit what it delivered. */
    public Duration deliveryTimeout() {
        String own = profile.properties().getOrDefault(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "");
        return own.matches("\\d{1,9}") ? Duration.ofMillis(Long.parseLong(own)) : DELIVERY_TIMEOUT;
    }

    /** Settings of a consumer without a group. */
    public Map<String, Object> consumer() {
        return consumer(null, null);
    }

    /**
     * @param group the id of the group, or null for none
     * @param membership how the consumer is a member of the group, or null if it assigns its partitions itself
     */
    public Map<String, Object> consumer(@Nullable String group, @Nullable GroupMembership membership) {
        Map<String, Object> settings = limits(timeout);
        settings.putAll(CONSUMER_DEFAULTS);
        addKnown(settings, ConsumerConfig.configNames());
        settings.putAll(CONSUMER_ALWAYS);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (group != null) {
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        }
        if (membership != null) {
            membership.addTo(settings);
        }
        return settings;
    }

    private static Map<String, Object> limits(Duration timeout) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "kstage");
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        limitLogin(settings, timeout);
        return settings;
    }

    /** Without these a server of tokens that accepts and does not answer is waited for without an end. */
    private static void limitLogin(Map<String, Object> settings, Duration limit) {
        settings.put(SaslConfigs.SASL_LOGIN_CONNECT_TIMEOUT_MS, Math.toIntExact(limit.toMillis()));
        settings.put(SaslConfigs.SASL_LOGIN_READ_TIMEOUT_MS, Math.toIntExact(limit.toMillis()));
    }

    private void addKnown(Map<String, Object> settings, Set<String> names) {
        profile.properties().forEach((key, value) -> {
            if (names.contains(key)) {
                settings.put(key, value);
            }
        });
    }

    /** A client that can't even be made: what its settings say makes no sense. */
    public static Failure refused(RuntimeException cause) {
        Throwable reason = cause;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new Failure(
                Failure.Kind.USAGE,
                "the connection settings can't be used",
                String.valueOf(reason.getMessage()).lines().findFirst().orElse(""),
                "correct the profile or the -X option; `kstage profile show` prints the effective settings",
                cause);
    }
}
