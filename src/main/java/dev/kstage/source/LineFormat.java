package dev.kstage.source;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import java.util.Arrays;
import java.util.List;

/** The format of an input line. */
public sealed interface LineFormat {
    /** The record of a line; {@code location} is the location of the line, for messages. */
    Record record(byte[] line, long number, String location);

    /** Whether an empty line is a record. */
    default boolean keepsEmptyLines() {
        return false;
    }

    /** The whole line is the value; an empty line is an empty value. */
    record ValueOrEmpty() implements LineFormat {
        @Override
        public Record record(byte[] line, long number, String location) {
            return new Value().record(line, number, location);
        }

        @Override
        public boolean keepsEmptyLines() {
            return true;
        }
    }

    /** The whole line is the value. */
    record Value() implements LineFormat {
        @Override
        public Record record(byte[] line, long number, String location) {
            return new Record(Record.UNSET, number, Record.UNSET, null, Bytes.of(line), List.of());
        }
    }

    /**
     * Key and value with a separator between them; the first separator counts. A line without one is rejected.
     *
     * @param separator not empty
     */
    record KeyValue(Bytes separator) implements LineFormat {
        @Override
        public Record record(byte[] line, long number, String location) {
            byte[] between = separator.array();
            for (int at = 0; at + between.length <= line.length; at++) {
                if (Arrays.equals(line, at, at + between.length, between, 0, between.length)) {
                    Bytes key = Bytes.of(Arrays.copyOf(line, at));
                    Bytes value = Bytes.of(Arrays.copyOfRange(line, at + between.length, line.length));
                    return new Record(Record.UNSET, number, Record.UNSET, key, value, List.of());
                }
            }
            throw Envelope.unreadable(
                    location,
                    "it has no separator between key and value",
                    "name the separator of the input with --separator");
        }
    }

    /** A JSON object with the fields of a record; see {@link Envelope}. */
    record Json() implements LineFormat {
        @Override
        public Record record(byte[] line, long number, String location) {
            return Envelope.record(line, number, location);
        }
    }
}
