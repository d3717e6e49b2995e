package dev.kstage.kafka;

/**
 * A topic as it was found.
 *
 * @param id its topic id (KIP-516), or {@link Cluster#NO_TOPIC_ID} from a broker that has none
 * @param partitions how many partitions it has, numbered from 0
 */
public record Topic(String name, String id, int partitions) {}
