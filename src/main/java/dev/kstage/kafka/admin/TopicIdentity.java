package dev.kstage.kafka.admin;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.RetriableFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Checks before a commit that topics still have the ids that the run started with (KIP-516). A topic that is deleted
 * and recreated keeps its name and gets a new id, and Kafka's clients do not notice. An id is never reused:
 * everything fetched or acknowledged before an answer with the id belongs to that topic.
 *
 * <p>It costs one request per commit. The answer is as new as the metadata of the broker that gives it, which is
 * milliseconds behind the controller.
 */
public final class TopicIdentity implements AutoCloseable {
    // Short, so that another broker is asked soon where one is paused.
    private static final Duration REQUEST = Duration.ofSeconds(2);
    private static final Duration QUESTION = Duration.ofSeconds(4);
    // The client itself ends a request at its limit; this is for one that it forgets.
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    // A broker that has just started may not have heard of every topic.
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(5);

    private final ClientSettings settings;
    private final StageProgress meter;
    private final LongSupplier clock;
    private @Nullable Admin admin;

    /** @param meter shows what the run waits for */
    public TopicIdentity(ClientSettings settings, StageProgress meter) {
        this(settings, meter, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    TopicIdentity(ClientSettings settings, StageProgress meter, LongSupplier clock) {
        this.settings = settings;
        this.meter = meter;
        this.clock = clock;
    }

    /**
     * Waits for the cluster to confirm the ids, for at most {@link ClientSettings#LONGEST_OUTAGE}. A topic without
     * an id (brokers before 2.8) can't be confirmed and is skipped.
     *
     * @param giveUp asked while waiting: true ends it
     * @return false if it was given up
     * @throws Failure if a topic has another id or is gone, or the cluster does not answer any more
     */
    public boolean confirm(Collection<Topic> topics, BooleanSupplier giveUp) {
        List<Topic> asked =
                topics.stream().filter(topic -> !topic.id().equals(Topic.NO_ID)).toList();
        long start = clock.getAsLong();
        while (!asked.isEmpty()) {
            try {
                Map<String, TopicDescription> found = describe(asked);
                asked.forEach(topic -> requireSame(topic, found.get(topic.name())));
                meter.waitingFor("");
                break;
            } catch (ExecutionException | TimeoutException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                failAfter(Duration.ofNanos(clock.getAsLong() - start), asked, cause);
                if (giveUp.getAsBoolean()) {
                    return false;
                }
                meter.waitingFor(settings.bootstrapServers() + " to confirm the id of topic "
                        + asked.get(0).name());
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (InterruptedException e) {
                throw KafkaFailures.interrupted(e);
            }
        }
        return true;
    }

    /**
     * Confirms the ids for a sink.
     *
     * @throws RetriableFailure if it was given up
     */
    public void require(Collection<Topic> topics, BooleanSupplier giveUp) {
        if (!confirm(topics, giveUp)) {
            throw new RetriableFailure(
                    new Failure(
                            Failure.Kind.TEMPORARY,
                            "the last commit did not happen",
                            "the run was interrupted while " + settings.bootstrapServers() + " did not answer",
                            "run the same command again; it resumes after the previous commit"),
                    Duration.ZERO);
        }
    }

    private Map<String, TopicDescription> describe(List<Topic> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = topics.stream().map(Topic::name).toList();
        return admin().describeTopics(names)
                .allTopicNames()
                .get(QUESTION.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    }

    private void requireSame(Topic topic, @Nullable TopicDescription found) {
        String id = found == null ? "" : found.topicId().toString();
        if (!id.equals(topic.id())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "topic " + topic.name() + " was deleted and recreated during this run",
                    "its id was " + topic.id() + " and is " + id,
                    "everything committed so far is of the deleted topic and stays; use the new topic with another"
                            + " destination, --group or --run-id");
        }
    }

    /** Ends the wait where it can't help, or has taken too long. */
    private void failAfter(Duration waited, List<Topic> topics, Throwable cause) {
        String names = topics.stream().map(Topic::name).collect(Collectors.joining(" and "));
        String what = "cannot confirm the id of topic " + names;
        if (cause instanceof UnknownTopicOrPartitionException) {
            if (waited.compareTo(UNTIL_KNOWN) > 0) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        what,
                        "the topic was deleted during this run",
                        "everything committed stays; later records are not stored",
                        cause);
            }
        } else if (!(cause instanceof RetriableException) && !(cause instanceof TimeoutException)) {
            throw FailureDiagnosis.of(what, cause, settings);
        } else if (waited.compareTo(ClientSettings.LONGEST_OUTAGE) > 0) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    settings.bootstrapServers() + " does not answer any more",
                    KafkaFailures.reason(cause),
                    "everything committed stays: run the same command again when the cluster is back",
                    cause);
        }
    }

    /** The client by which it asks, open until this is closed. */
    public Admin admin() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> configuration = new HashMap<>(settings.admin(QUESTION));
            configuration.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(REQUEST.toMillis()));
            try {
                open = Admin.create(configuration);
            } catch (KafkaException e) {
                throw ClientSettings.refused(e);
            }
            admin = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
