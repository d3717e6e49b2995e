package dev.kstage.kafka.client;

/** Names that kstage gives to consumer groups and transactional ids. They outlive a process: the cluster keeps them. */
public final class ClusterNames {
    private static final String RUN_GROUP = "kstage.run.";

    private ClusterNames() {}

    /** The group whose committed offsets are the checkpoint of a run of {@code produce}. */
    public static String runGroup(String runId) {
        return RUN_GROUP + runId;
    }

    /** Whether a group is the checkpoint of a run of {@code produce}, and so has no consumers. */
    public static boolean isRunGroup(String group) {
        return group.startsWith(RUN_GROUP);
    }

    /** The transactional id of a run of {@code produce}. */
    public static String runTransactionalId(String runId) {
        return "kstage." + runId;
    }

    /** The default group that reads one topic and stores in another: one for each pair of topics. */
    public static String topicToTopicGroup(String source, String target) {
        return "kstage-" + source + "-to-" + target;
    }

    /** The prefix of the transactional ids of all workers of a group that stores in a topic. */
    public static String workerTransactionalIds(String group) {
        return "kstage-" + group + "-";
    }
}
