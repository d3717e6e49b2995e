package dev.kstage.kafka.reader;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers that a dead-letter record has in a topic: where the record was read, and why it was rejected. They follow
 * the headers of the record itself, which may have been a dead-letter record before.
 */
public final class DeadLetterHeaders {
    static final String TOPIC = "kstage.topic";
    static final String PARTITION = "kstage.partition";
    static final String OFFSET = "kstage.offset";
    static final String TIMESTAMP = "kstage.timestamp";
    static final String REASON = "kstage.reason";
    private static final List<String> ALL = List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, REASON);

    private DeadLetterHeaders() {}

    /**
     * The headers of the rejected record and those of the dead-letter record.
     *
     * @param topic where the rejected record was read
     */
    public static List<Header> of(String topic, DeadLetter letter) {
        Record record = letter.record();
        List<Header> headers = new ArrayList<>(record.headers());
        headers.add(new Header(TOPIC, Bytes.of(topic)));
        headers.add(new Header(PARTITION, Bytes.of(String.valueOf(record.partition()))));
        headers.add(new Header(OFFSET, Bytes.of(String.valueOf(record.offset()))));
        headers.add(new Header(TIMESTAMP, Bytes.of(String.valueOf(record.timestamp()))));
        headers.add(new Header(REASON, Bytes.of(letter.reason())));
        return headers;
    }

    /** The headers of the rejected record. */
    static List<Header> original(Record record) {
        return record.headers().subList(0, originals(record));
    }

    /** The values of the headers of the dead-letter record, by name; some may be missing. */
    static Map<String, String> values(Record record) {
        Map<String, String> values = new HashMap<>();
        for (Header header :
                record.headers().subList(originals(record), record.headers().size())) {
            Bytes value = header.value();
            if (ALL.contains(header.key())) {
                values.put(header.key(), value == null ? "" : value.toString());
            }
        }
        return values;
    }

    private static int originals(Record record) {
        return Math.max(0, record.headers().size() - ALL.size());
    }
}
