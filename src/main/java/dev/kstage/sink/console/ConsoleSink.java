package dev.kstage.sink.console;

import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.sink.disk.LineBuffer;
import dev.kstage.stage.Results;
import dev.kstage.stage.Sink;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;

/**
 * Prints values to standard output, one per line; a tombstone is an empty line. It stores no offsets: records that
 * were printed just before a kill are printed again by the next run (at least once).
 */
public final class ConsoleSink implements Sink {
    private static final int FLUSH_AT = 1 << 16;

    private final OutputStream output;
    private final boolean terminal;
    private final LineBuffer buffer = new LineBuffer();

    /**
     * @param output stays open
     * @param terminal whether a terminal shows it; then control characters in values are escaped
     */
    public ConsoleSink(OutputStream output, boolean terminal) {
        this.output = output;
        this.terminal = terminal;
    }

    @Override
    public int open(Origin origin, int partitions) {
        return partitions;
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        return Positions.NONE;
    }

    @Override
    public void initializeOffsets(Positions starts) {}

    @Override
    public void commit(Positions to) {}

    @Override
    public void write(Results results) {
        try {
            for (Record record : results.records()) {
                Bytes value = record.value();
                buffer.addLine(value == null ? Bytes.of("") : shown(value));
                if (buffer.length() >= FLUSH_AT) {
                    buffer.writeTo(output);
                }
            }
            buffer.writeTo(output);
            output.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private Bytes shown(Bytes value) {
        return terminal ? Bytes.of(Text.harmless(value.toString())) : value;
    }

    private static RuntimeException failure(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("Broken pipe")
                ? new BrokenPipe(e)
                : new Failure(
                        Failure.Kind.FAILED,
                        "cannot write to standard output",
                        reason,
                        "free some space where standard output goes, then run the same command again",
                        e);
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return true;
    }

    @Override
    public void close() {}
}
