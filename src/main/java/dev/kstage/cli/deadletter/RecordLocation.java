package dev.kstage.cli.deadletter;

import dev.kstage.record.Record;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The original partition and offset of a dead-letter record.
 *
 * @param partition from 0
 * @param offset from 0
 */
record RecordLocation(int partition, long offset) {
    static RecordLocation of(Record record) {
        return new RecordLocation(record.partition(), record.offset());
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }

    /** Parses {@code 2:1234}. */
    static final class Converter implements ITypeConverter<RecordLocation> {
        @Override
        public RecordLocation convert(String text) {
            if (!text.matches("\\d{1,9}:\\d{1,18}")) {
                throw new TypeConversionException("'" + text + "' is not PARTITION:OFFSET, as in 2:1234");
            }
            int colon = text.indexOf(':');
            return new RecordLocation(
                    Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
        }
    }
}
