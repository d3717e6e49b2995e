package dev.kstage.kafka.client;

import dev.kstage.report.Failure;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A release of Kafka that introduced something kstage needs. A broker does not report its release, but the requests
 * that it accepts; the version of one request tells each release from the one before.
 */
public enum BrokerVersion {
    /** The oldest that Kafka's clients of 4.x work with (KIP-896). */
    OLDEST("2.1", ApiKeys.FETCH, 10),
    /** A topic may be created with as many partitions and copies as the cluster finds right (KIP-464). */
    TOPIC_DEFAULTS("2.4", ApiKeys.CREATE_TOPICS, 4),
    /** Transactions respect who is a member of a group, and positions are told when they are decided (KIP-447). */
    EXACTLY_ONCE("2.5", ApiKeys.OFFSET_FETCH, 7),
    /** A partition needs no more replicas in sync than it has, whatever min.insync.replicas says (KAFKA-15583). */
    ATTAINABLE_MIN_ISR("3.7", ApiKeys.FETCH, 16);

    private final String number;
    private final ApiKeys request;
    private final int version;

    BrokerVersion(String number, ApiKeys request, int version) {
        this.number = number;
        this.request = request;
        this.version = version;
    }

    /** The request whose version tells it. */
    ApiKeys request() {
        return request;
    }

    /** The version of {@link #request} that it was the first to take. */
    int version() {
        return version;
    }

    /**
     * @param what what can't be done with an older one, as in "cannot …"
     * @param need what it is or has, as in "is the first …"
     * @param otherwise what else can be done, as in "; or …", or nothing
     */
    public Failure required(String what, String need, String otherwise) {
        return new Failure(
                Failure.Kind.USAGE,
                what,
                "the broker is older than Kafka " + number + ", which " + need,
                "use a cluster of Kafka " + number + " or newer" + otherwise);
    }
}
