package dev.kstage.kafka.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs probes in parallel, each with a time limit. A name lookup can't be interrupted, so each probe has a thread of
 * its own, which does not keep the process alive.
 */
public final class ParallelProbes {
    private ParallelProbes() {}

    public static <R> CompletableFuture<R> start(Supplier<R> question) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(question.get());
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                },
                "kstage-question");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /** The answer, or {@code otherwise} if there is none within the limit. */
    public static <R> R await(CompletableFuture<R> answer, Duration limit, R otherwise) {
        try {
            return answer.get(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }

    /** The answers about each, in their order; {@code late} for what takes longer than the limit. */
    public static <T, R> List<R> map(List<T> each, Duration limit, R late, Function<T, R> question) {
        long end = System.nanoTime() + limit.toNanos();
        List<CompletableFuture<R>> answers =
                each.stream().map(one -> start(() -> question.apply(one))).toList();
        return answers.stream()
                .map(answer -> await(answer, Duration.ofNanos(end - System.nanoTime()), late))
                .toList();
    }
}
