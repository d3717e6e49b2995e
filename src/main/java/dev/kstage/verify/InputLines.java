package dev.kstage.verify;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.source.LineFormat;
import dev.kstage.verify.read.LineReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the file that a run sent, recognised by a 64-bit hash of their values. This takes 16 bytes per line.
 * Two different lines out of ten million have the same hash once in 370,000 such files. An event is an index in the
 * order of the hashes; equal lines are adjacent and are found one after the other. Lines that differ from all others
 * keep their order in each partition.
 */
public final class InputLines implements ExpectedRecords {
    private static final int MOST = 100_000_000;

    private final String file;
    private final @Nullable ExpectedKeys keys;
    // Sorted by hash; lines with equal hashes are sorted by line number.
    private final long[] hashes;
    private final int[] lines;
    // At the first of equal lines: how many of them were found.
    private final int[] found;

    private InputLines(String file, long[] hashes, int[] lines, @Nullable ExpectedKeys keys) {
        this.keys = keys;
        this.file = file;
        this.hashes = hashes;
        this.lines = lines;
        this.found = new int[hashes.length];
    }

    /**
     * Reads a file. A byte order mark and the CR before a line feed are not data, and empty lines are no records
     * unless the format keeps them.
     *
     * @param format the format of a line
     * @param most maximum number of records that were sent, from the first
     * @throws Failure if the file can't be read or has too many lines to check
     */
    public static InputLines read(Path file, LineFormat format, long most) {
        return read(file, format, most, null);
    }

    /**
     * Reads a file.
     *
     * @param keys the keys of records without their own; null if they are not known
     */
    public static InputLines read(Path file, LineFormat format, long most, @Nullable ExpectedKeys keys) {
        long[] counted = {0};
        forEach(file, format.keepsEmptyLines(), (line, number) -> counted[0]++);
        long records = Math.min(counted[0], most);
        if (records > MOST) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot check " + Text.plural(records, "line"),
                    "at most " + Text.count(MOST) + " can be checked in one run",
                    "check a file with fewer lines");
        }
        long[] hashes = new long[(int) records];
        int[] lines = new int[hashes.length];
        int[] next = {0};
        forEach(file, format.keepsEmptyLines(), (line, number) -> {
            if (next[0] < hashes.length) {
                Record record = format.record(line, number, "line " + number + " of " + file.getFileName());
                if (keys != null && !keys.isSent(record)) {
                    return;
                }
                Bytes value = record.value();
                hashes[next[0]] = hash(value == null ? new byte[0] : value.array());
                lines[next[0]++] = (int) number;
            }
        });
        sort(hashes, lines, next[0]);
        return new InputLines(
                String.valueOf(file.getFileName()),
                Arrays.copyOf(hashes, next[0]),
                Arrays.copyOf(lines, next[0]),
                keys);
    }

    private static void forEach(Path file, boolean withEmpty, ObjLongConsumer<byte[]> use) {
        long[] number = {0};
        LineReader.forEachOfAny(file, Long.MAX_VALUE, (line, hasEnd) -> {
            number[0]++;
            byte[] content = content(line, number[0] == 1, hasEnd);
            if (withEmpty || content.length > 0) {
                use.accept(content, number[0]);
            }
        });
    }

    private static byte[] content(byte[] line, boolean isFirst, boolean hasEnd) {
        boolean hasMark = isFirst && line.length > 2 && line[0] == -17 && line[1] == -69 && line[2] == -65;
        int start = hasMark ? 3 : 0;
        int end = line.length - (hasEnd && line.length > start && line[line.length - 1] == '\r' ? 1 : 0);
        return start == 0 && end == line.length ? line : Arrays.copyOfRange(line, start, end);
    }

    /** FNV-1a of the value, mixed once more. Line feeds count as spaces, as they are stored. */
    private static long hash(byte[] value) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : value) {
            hash = (hash ^ (each == '\n' ? ' ' : each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        return hash ^ (hash >>> 32);
    }

    /** A heap sort of both arrays by hash and then line: in place, and fast for any input. */
    private static void sort(long[] hashes, int[] lines, int length) {
        for (int root = length / 2 - 1; root >= 0; root--) {
            sink(hashes, lines, root, length);
        }
        for (int end = length - 1; end > 0; end--) {
            swap(hashes, lines, 0, end);
            sink(hashes, lines, 0, end);
        }
    }

    private static void sink(long[] hashes, int[] lines, int from, int end) {
        int root = from;
        while (2 * root + 1 < end) {
            int child = 2 * root + 1;
            if (child + 1 < end && isBefore(hashes, lines, child, child + 1)) {
                child++;
            }
            if (!isBefore(hashes, lines, root, child)) {
                return;
            }
            swap(hashes, lines, root, child);
            root = child;
        }
    }

    private static boolean isBefore(long[] hashes, int[] lines, int left, int right) {
        return hashes[left] < hashes[right] || (hashes[left] == hashes[right] && lines[left] < lines[right]);
    }

    private static void swap(long[] hashes, int[] lines, int left, int right) {
        long hash = hashes[left];
        hashes[left] = hashes[right];
        hashes[right] = hash;
        int line = lines[left];
        lines[left] = lines[right];
        lines[right] = line;
    }

    @Override
    public int count() {
        return hashes.length;
    }

    @Override
    public int recognise(byte[] value) {
        long hash = hash(value);
        int any = Arrays.binarySearch(hashes, hash);
        if (any < 0) {
            return NONE;
        }
        int first = any;
        for (int step = 1; step > 0; ) {
            // Back in growing steps, because a file may contain the same line a million times.
            if (first - step >= 0 && hashes[first - step] == hash) {
                first -= step;
                step *= 2;
            } else {
                step /= 2;
            }
        }
        int next = first + found[first];
        if (next < hashes.length && hashes[next] == hash) {
            found[first]++;
            return next;
        }
        return next - 1;
    }

    /** Equal hash means equal value. */
    @Override
    public boolean isIntact(int event, byte[] value) {
        return true;
    }

    @Override
    public StoredRow.@Nullable Key key(int event, byte[] value) {
        return keys == null
                ? null
                : new StoredRow.Key(keys.of(
                        new Record(Record.UNSET, lines[event], Record.UNSET, null, Bytes.of(value), List.of())));
    }

    @Override
    public @Nullable Object lane(int event, int partition) {
        boolean hasEqual = (event > 0 && hashes[event - 1] == hashes[event])
                || (event + 1 < hashes.length && hashes[event + 1] == hashes[event]);
        return partition == Record.UNSET || hasEqual ? null : partition;
    }

    @Override
    public long rank(int event) {
        return lines[event];
    }

    @Override
    public String laneName() {
        return "partition";
    }

    @Override
    public String name(int event) {
        return "line " + lines[event] + " of " + file;
    }
}
