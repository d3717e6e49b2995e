package dev.kstage.sink.jdbc.schema;

import dev.kstage.report.Failure;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The columns that kstage fills itself. Their names start with an underscore, so that fields of values can have all
 * other names.
 */
public final class MetadataColumns {
    static final String TOPIC = "_topic";
    public static final String PARTITION = "_partition";
    public static final String OFFSET = "_offset";
    static final String TIMESTAMP = "_timestamp";
    public static final String KEY = "_key";
    public static final String VALUE = "_value";
    /** The reason of a dead-letter record; only in a dead-letter table. */
    static final String REASON = "_reason";
    /** The headers of a dead-letter record; only in a dead-letter table. */
    static final String HEADERS = "_headers";

    private static final List<String> OF_RESULTS = List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, KEY, VALUE);

    private MetadataColumns() {}

    /** Whether kstage creates a column of this name in a table of results; some databases ignore case. */
    public static boolean has(String name) {
        return OF_RESULTS.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Rejects a table of an earlier version, whose columns had the names topic, partition and so on.
     *
     * @param database for messages
     * @throws Failure if the table is such a table
     */
    public static void refuseEarlier(Collection<String> columns, TableName table, String database) {
        if (!columns.contains(OFFSET) && columns.containsAll(List.of("topic", "partition", "offset"))) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "table " + table + " in " + database + " was created by an earlier version of kstage",
                    "kstage's own columns had the names topic, partition, offset and so on; now they are _topic,"
                            + " _partition, _offset and so on",
                    "store in another --table; or rename the columns topic, partition, offset, timestamp, key, value,"
                            + " and reason and headers of its dead-letter table: ALTER TABLE ... RENAME COLUMN"
                            + " topic TO _topic");
        }
    }
}
