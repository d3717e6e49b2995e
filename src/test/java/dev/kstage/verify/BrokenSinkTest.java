package dev.kstage.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.report.StageProgress;
import dev.kstage.source.template.GeneratorSource;
import dev.kstage.source.template.UserEvents;
import dev.kstage.stage.Results;
import dev.kstage.stage.Sink;
import dev.kstage.stage.Stage;
import dev.kstage.stage.StopRules;
import dev.kstage.stage.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.junit.jupiter.api.Test;

/** The checker is checked: sinks that are built wrong in the usual ways, and a crash that shows it. */
class BrokenSinkTest {
    private static final int EVENTS = 10_000;
    private static final long SEED = 7;

    private final Disk disk = new Disk();

    /** What outlives a process, and what outlives a power cut. */
    private static final class Disk {
        private final SortedMap<Long, List<Bytes>> segments = new TreeMap<>();
        private final SortedMap<Long, List<Bytes>> notSynced = new TreeMap<>();
        private long position;

        void append(List<Bytes> lines) {
            segments.computeIfAbsent(0L, start -> new ArrayList<>()).addAll(lines);
        }

        long length() {
            return segments.getOrDefault(0L, List.of()).size();
        }

        void cutOff(long length) {
            List<Bytes> file = segments.computeIfAbsent(0L, start -> new ArrayList<>());
            file.subList((int) length, file.size()).clear();
        }

        void sync() {
            notSynced.forEach((start, lines) -> append(lines));
            notSynced.clear();
        }

        void losePower() {
            notSynced.clear();
        }
    }

    /** What a process dies of. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** One partition and its batches; how they are committed is up to each sink, and so is where it dies. */
    private abstract class BatchSink implements Sink {
        private final int batch;
        private final int crashAt;
        private List<Bytes> open = new ArrayList<>();
        private long from;
        private int commits;

        /** @param crashAt dies in this commit, counted from 1; 0 for never */
        BatchSink(int batch, int crashAt) {
            this.batch = batch;
            this.crashAt = crashAt;
        }

        abstract void store(List<Bytes> lines, long start, long end, boolean dies);

        void recover() {}

        @Override
        public int open(Origin origin, int partitions) {
            recover();
            return partitions;
        }

        @Override
        public Positions takeOver(Set<Integer> partitions) {
            from = disk.position;
            return Positions.of(Map.of(0, Position.at(from)));
        }

        @Override
        public void initializeOffsets(Positions starts) {}

        @Override
        public void write(Results results) {
            for (Record record : results.records()) {
                open.add(Objects.requireNonNull(record.value()));
            }
        }

        @Override
        public void commit(Positions to) {
            long end = Objects.requireNonNull(to.of(0)).next();
            commits++;
            store(open, from, end, commits == crashAt);
            open = new ArrayList<>();
            from = end;
        }

        @Override
        public boolean isCommitDue(Duration sinceCommit) {
            return open.size() >= batch;
        }

        @Override
        public void close() {}
    }

    /** Right: it cuts off what a killed run appended. */
    private final class CutsOff extends BatchSink {
        private static final Map<Disk, Long> COMMITTED = new WeakHashMap<>();

        CutsOff(int crashAt) {
            super(1_000, crashAt);
        }

        @Override
        void recover() {
            disk.cutOff(COMMITTED.getOrDefault(disk, 0L));
        }

        @Override
        void store(List<Bytes> lines, long start, long end, boolean dies) {
            disk.append(lines);
            if (dies) {
                throw new Crash();
            }
            disk.position = end;
            COMMITTED.put(disk, disk.length());
        }
    }

    /** Wrong: it appends, then moves the position, and does not notice what lies between. */
    private final class AppendsThenMoves extends BatchSink {
        AppendsThenMoves(int crashAt) {
            super(1_000, crashAt);
        }

        @Override
        void store(List<Bytes> lines, long start, long end, boolean dies) {
            disk.append(lines);
            if (dies) {
                throw new Crash();
            }
            disk.position = end;
        }
    }

    /** Wrong: a segment is named by its start and renamed over whatever has that name. */
    private final class RenamesOver extends BatchSink {
        private final Runnable whilePaused;

        RenamesOver(int batch, int pausedAt, Runnable whilePaused) {
            super(batch, pausedAt);
            this.whilePaused = whilePaused;
        }

        @Override
        void store(List<Bytes> lines, long start, long end, boolean isPaused) {
            if (isPaused) {
                whilePaused.run();
            }
            disk.segments.put(start, List.copyOf(lines));
            disk.position = Math.max(disk.position, end);
            if (isPaused) {
                throw new Crash();
            }
        }
    }

    /** Wrong: it moves the position before the data is on the disk. */
    private final class MovesThenSyncs extends BatchSink {
        MovesThenSyncs(int crashAt) {
            super(1_000, crashAt);
        }

        @Override
        void store(List<Bytes> lines, long start, long end, boolean dies) {
            disk.notSynced.put(start, List.copyOf(lines));
            disk.position = end;
            if (dies) {
                disk.losePower();
                throw new Crash();
            }
            disk.sync();
        }
    }

    private void run(Sink sink) {
        GeneratorSource source = new GeneratorSource(new UserEvents(SEED), SEED, EVENTS);
        new Stage(source, Transform.NONE, sink, StopRules.AT_END, new StageProgress(), () -> false).run();
    }

    private void runAndDie(Sink sink) {
        assertThatThrownBy(() -> run(sink)).isInstanceOf(Crash.class);
    }

    private Verdict verdict() {
        Comparison comparison = new Comparison(new GeneratedEvents(new UserEvents(SEED), EVENTS));
        long number = 0;
        for (List<Bytes> segment : disk.segments.values()) {
            for (Bytes line : segment) {
                comparison.add(new StoredRow(0, "line", ++number, line));
            }
        }
        return comparison.verdict(0);
    }

    @Test
    void finds_nothing_wrong_with_a_sink_that_is_right() {
        runAndDie(new CutsOff(4));
        run(new CutsOff(0));

        assertThat(VerdictText.of(verdict())).isEqualTo("10000 of 10000 stored");
    }

    @Test
    void catches_a_sink_that_appends_and_then_moves_the_position() {
        runAndDie(new AppendsThenMoves(4));
        run(new AppendsThenMoves(0));

        assertThat(VerdictText.of(verdict()))
                .isEqualTo("11000 of 10000 stored\n1000 duplicated: line 4001 is event 3000 a second time");
    }

    @Test
    void catches_a_sink_that_renames_over_an_existing_segment() {
        runAndDie(new RenamesOver(1_000, 3, () -> run(new RenamesOver(4_000, 0, () -> {}))));
        run(new RenamesOver(1_000, 0, () -> {}));

        assertThat(VerdictText.of(verdict())).isEqualTo("7000 of 10000 stored\n3000 lost: event 3000 is not stored");
    }

    @Test
    void catches_a_sink_that_moves_the_position_before_the_data_is_synced() {
        runAndDie(new MovesThenSyncs(4));
        run(new MovesThenSyncs(0));

        assertThat(VerdictText.of(verdict())).isEqualTo("9000 of 10000 stored\n1000 lost: event 3000 is not stored");
    }

    @Test
    void does_not_blame_the_same_sinks_when_nothing_crashes() {
        run(new AppendsThenMoves(0));

        assertThat(verdict().holds()).isTrue();
    }
}
