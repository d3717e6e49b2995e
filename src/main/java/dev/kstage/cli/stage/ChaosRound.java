package dev.kstage.cli.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.cli.stage.Fault.Target;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.env.StageProcess;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.source.template.UserEvents;
import dev.kstage.verify.Comparison;
import dev.kstage.verify.GeneratedEvents;
import dev.kstage.verify.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs both stages in separate processes, injects the planned faults while events flow, and verifies the result. */
final class ChaosRound {
    private static final String MAIN_CLASS = "dev.kstage.Main";
    private static final int SECONDS_OF_FLOW = 4;
    private static final long TICK = Duration.ofMillis(10).toNanos();
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final CommandContext context;
    private final ChaosPlan.Round plan;
    private final ChaosDestination destination;
    private final ChaosDestination.Own own;
    private final ChaosProfile profile;
    private final int count;
    private final long end = System.nanoTime() + LONGEST.toNanos();

    /**
     * @param own an empty topic and directory
     * @param profile how the stages connect to the cluster
     */
    ChaosRound(
            CommandContext context,
            ChaosPlan.Round plan,
            ChaosDestination destination,
            ChaosDestination.Own own,
            ChaosProfile profile,
            int count) {
        this.context = context;
        this.plan = plan;
        this.destination = destination;
        this.own = own;
        this.profile = profile;
        this.count = count;
    }

    /**
     * @param kafka the broker, or null if it must not be touched
     * @throws Failure if the run was interrupted
     */
    ChaosReport.Round run(int number, @Nullable EmbeddedKafka kafka) {
        long start = System.nanoTime();
        ChaosReport.Outcome outcome;
        try (ChaosBroker broker = new ChaosBroker(kafka, plan.of(Target.BROKER));
                ChaosWorkers producers = new ChaosWorkers("produce", this::producer, plan.of(Target.PRODUCER));
                ChaosWorkers consumers = new ChaosWorkers("consume", this::consumer, plan.of(Target.CONSUMER))) {
            List<String> faults = new ArrayList<>();
            Verdict verdict = null;
            try {
                disturb(broker, producers, consumers);
                verdict = verdict();
            } catch (Failure e) {
                if (context.interruption().getAsBoolean()) {
                    throw e;
                }
                producers.dumpThreads();
                consumers.dumpThreads();
                faults.add(e.what() + ": " + e.why());
            }
            outcome = ChaosReport.Outcome.of(producers, consumers, broker, verdict, faults);
        }
        return new ChaosReport.Round(
                number,
                destination.toString(),
                own.topic(),
                plan.eventSeed(),
                outcome,
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void disturb(ChaosBroker broker, ChaosWorkers producers, ChaosWorkers consumers) {
        while (!producers.haveCompleted() || broker.isGone() || producers.isAnyPaused() || consumers.isAnyPaused()) {
            broker.tick();
            producers.tick();
            consumers.tick();
            awaitNext(
                    broker.isGone()
                            ? "the broker to restart"
                            : producers.haveCompleted() ? "a paused stage to resume" : "produce to end");
        }
        producers.shutdown(false);
        consumers.shutdown(true);
        while (!readsNothingMore()) {
            awaitNext("a run of consume that reads nothing new");
        }
    }

    private void awaitNext(String what) {
        if (context.interruption().getAsBoolean()) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "no verdict",
                    "the smoke test was interrupted",
                    "run the" + " same command again");
        }
        if (System.nanoTime() > end) {
            throw new Failure(
                    Failure.Kind.CHECK,
                    "the round did not end",
                    "it waited " + Text.duration(LONGEST) + " for " + what,
                    "read the logs in " + own.directory());
        }
        LockSupport.parkNanos(TICK);
    }

    /** Runs consume without faults; returns whether it reached the end and had nothing left to store. */
    private boolean readsNothingMore() {
        List<String> arguments = consume();
        arguments.addAll(List.of("-o", "json"));
        try (StageProcess run = start("consume-to-end", arguments)) {
            while (run.isAlive()) {
                awaitNext("consume to end");
            }
            if (run.exitCode() == ExitCode.TEMPORARY) {
                return false;
            }
            if (run.exitCode() != ExitCode.DONE) {
                throw ChaosWorkers.unexpected("consume", run);
            }
            JsonNode report = new JsonMapper().readTree(run.output());
            if (report.path("deadLettered").asLong() != 0) {
                throw new Failure(
                        Failure.Kind.CHECK,
                        "there are dead-letter records",
                        "consume reports " + report.path("deadLettered").asLong(),
                        "list them with `kstage dead-letter list`");
            }
            return report.path("read").asLong() == 0 && report.path("lag").asLong() == 0;
        } catch (JsonProcessingException e) {
            throw new Failure(
                    Failure.Kind.CHECK,
                    "consume printed no report",
                    String.valueOf(e.getMessage()),
                    "read its output",
                    e);
        }
    }

    private Verdict verdict() {
        Comparison comparison = new Comparison(new GeneratedEvents(new UserEvents(plan.eventSeed()), count), false);
        destination.rows(own).forEach(comparison::add, comparison::addFault);
        comparison.reachIsKnown();
        return comparison.verdict(0);
    }

    private StageProcess producer(int number, boolean joining) {
        return start(
                "produce-" + number,
                List.of(
                        "produce",
                        own.topic(),
                        "--run-id",
                        own.runId(),
                        "--count",
                        String.valueOf(count),
                        "--seed",
                        String.valueOf(plan.eventSeed()),
                        "--rate",
                        String.valueOf(Math.max(1, count / SECONDS_OF_FLOW)),
                        "--profile-file",
                        profile.file().toString()));
    }

    private StageProcess consumer(int number, boolean joining) {
        List<String> arguments = consume();
        arguments.add("--follow");
        if (plan.namesWorkers() && destination.isShared()) {
            // The group instance id of its predecessor, so that it takes over at once.
            arguments.addAll(List.of("--group-instance-id", joining ? "two" : "one"));
        }
        return start("consume-" + number, arguments);
    }

    private List<String> consume() {
        List<String> arguments = new ArrayList<>(List.of("consume", own.topic(), "--group", own.topic()));
        arguments.addAll(destination.arguments(own));
        arguments.addAll(List.of("--profile-file", profile.file().toString()));
        return arguments;
    }

    private StageProcess start(String name, List<String> arguments) {
        return StageProcess.start(
                MAIN_CLASS,
                arguments,
                profile.variables(),
                own.directory().resolve(name + ".out"),
                own.directory().resolve(name + ".log"));
    }
}
