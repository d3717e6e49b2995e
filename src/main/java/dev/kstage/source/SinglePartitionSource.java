package dev.kstage.source;

import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.stage.PartitionListener;
import dev.kstage.stage.Source;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A source with one partition, 0, that can seek to any position. */
public abstract class SinglePartitionSource implements Source {
    private static final Positions BEGINNING = Positions.of(Map.of(0, Position.at(0)));

    private @Nullable PartitionListener listener;

    @Override
    public final int partitions() {
        return 1;
    }

    @Override
    public final void start(PartitionListener told) {
        listener = told;
        restart();
    }

    @Override
    public final void restart() {
        Positions claimed = Objects.requireNonNull(listener, "set by start")
                .assigned(Set.of(0), (missing, initialPartitions) -> BEGINNING);
        goTo(Objects.requireNonNull(claimed.of(0)).next());
    }

    /** Seeks: the next poll starts there. */
    protected abstract void goTo(long position);
}
