package dev.kstage.sink.jdbc;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.connection.WriterLock;
import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.ColumnValues;
import dev.kstage.sink.jdbc.schema.DatabaseCatalog;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.sink.jdbc.schema.TableRow;
import dev.kstage.sink.jdbc.schema.TableSchema;
import dev.kstage.stage.Failpoint;
import dev.kstage.stage.Results;
import dev.kstage.stage.Sink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table with its dead-letter records in another table, and its offsets in {@code kstage_position}. A batch is one
 * transaction. It first updates the offsets, if they still have the values that this run knows and its owner epoch;
 * then it inserts the rows. So of several writers only one succeeds.
 */
public final class JdbcSink implements Sink {
    /** The {@link Failpoint}s in the order of a commit. */
    public static final List<String> FAILPOINTS =
            List.of("database.begun", "database.moved", "database.inserted", "database.committed");

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final int COMMIT_ROWS = 100_000;
    private static final long COMMIT_BYTES = 16 << 20;
    private static final int MOST_TRIES = 3;

    /**
     * The options of the user.
     *
     * @param table the table of the results
     * @param columns columns that are filled from fields of the values
     * @param deadLetters the table of the dead-letter records; {@code none} to stop at the first one; null for the
     *     default
     * @param hasStrictTypes whether strings are never converted to numbers or booleans
     */
    public record Settings(
            DatabaseLogin login,
            TableName table,
            List<Column> columns,
            @Nullable String deadLetters,
            boolean hasStrictTypes) {
        /** Settings that convert strings which are exactly a number or a boolean. */
        Settings(DatabaseLogin login, TableName table, List<Column> columns, @Nullable String deadLetters) {
            this(login, table, columns, deadLetters, false);
        }

        boolean stopsAtDeadLetter() {
            return "none".equals(deadLetters);
        }

        /** The dead-letter table that the user named, or null for the default. */
        @Nullable
        TableName namedDeadLetters() {
            if (deadLetters == null || stopsAtDeadLetter()) {
                return null;
            }
            TableName named = TableName.parse("--dead-letter", deadLetters);
            return named.schema() == null ? table.beside(named.name()) : named;
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private final Settings settings;
    private final boolean stopsAtDeadLetter;
    private final Dialect dialect;
    private final DatabaseFailures failures;
    private final ColumnValues columnValues;
    private final @Nullable WriterLock lock;
    private final TableSchema layout;
    private final TableInitializer.Sink sink;
    private @Nullable OffsetTable claims;
    private @Nullable Connection connection;
    private List<TableRow> rows = new ArrayList<>();
    private List<DeadLetter> letters = new ArrayList<>();
    private long bytes;
    private long refusedHere;
    private long refused;

    /** Opens the sink without a check before the tables are created. */
    public JdbcSink(Settings settings, String topic, @Nullable String group) {
        this(settings, topic, group, () -> {});
    }

    /**
     * Connects, and creates the tables if they are missing.
     *
     * @param topic the topic of the records
     * @param group the consumer group that shows the lag, or null for the group of the table
     * @param beforeCreation may reject tables before they are created
     * @throws Failure if the database can't be reached, or the tables belong to another sink
     */
    public JdbcSink(Settings settings, String topic, @Nullable String group, Runnable beforeCreation) {
        this.settings = settings;
        this.stopsAtDeadLetter = settings.stopsAtDeadLetter();
        this.dialect = Dialect.of(settings.login());
        this.failures = new DatabaseFailures(dialect, displayName());
        this.columnValues =
                new ColumnValues(settings.columns(), settings.login().isSqlite(), settings.hasStrictTypes());
        TableName named = settings.namedDeadLetters();
        this.lock = settings.login().isSqlite()
                ? WriterLock.of(settings.login(), settings.table().name())
                : null;
        try {
            DatabaseCatalog catalog = new DatabaseCatalog(connection(), dialect);
            String quote = catalog.quote();
            TableName results = catalog.normal(settings.table());
            TableName letters = named == null ? results.deadLetters() : catalog.normal(named);
            TableSchema wanted = new TableSchema(dialect, quote, topic, results, letters, settings.columns());
            this.sink = inTransaction(open ->
                    new TableInitializer(open, wanted, displayName()).find(group, named != null, beforeCreation));
            this.layout = new TableSchema(dialect, quote, topic, results, sink.deadLetters(), settings.columns());
        } catch (SQLException e) {
            close();
            throw failures.finalOf("cannot store in " + displayName(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private String displayName() {
        return settings.login().displayName();
    }

    /** Whether several workers can write to it at the same time. */
    public boolean isShared() {
        return lock == null;
    }

    /** The consumer group that shows the lag. */
    public String group() {
        return sink.group();
    }

    /** The id of this sink, unique among all sinks. */
    public String sinkId() {
        return sink.id();
    }

    @Override
    public int open(Origin origin, int partitions) {
        claims = new OffsetTable(layout, origin);
        try {
            return inTransaction(open -> new TableInitializer(open, layout, displayName()).hold(origin, partitions));
        } catch (SQLException e) {
            throw failures.finalOf("cannot store in " + displayName(), e);
        }
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        OffsetTable mine = claims();
        for (int tries = 1; ; tries++) {
            try {
                return inTransaction(open -> mine.claim(open, partitions, owner(open)));
            } catch (SQLException e) {
                Dialect.Fault fault = dialect.fault(e);
                // Two runs may find at the same time that a row is missing.
                boolean isRace = fault == Dialect.Fault.DUPLICATE || fault == Dialect.Fault.RECORD;
                if (isRace && tries < MOST_TRIES) {
                    continue;
                }
                if (dialect.isLockTimeout(e)) {
                    endSessionsOf(partitions, e);
                }
                throw failures.of("cannot take over partitions in " + displayName(), e);
            }
        }
    }

    private String owner(Connection open) throws SQLException {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host + dialect.session(open);
    }

    /** The group has moved their partitions to this run, but their sessions still hold the locks. */
    private void endSessionsOf(Set<Integer> partitions, SQLException timeout) {
        try {
            inTransaction(open -> {
                for (String owner : claims().owners(open, partitions)) {
                    dialect.end(open, owner);
                }
                return true;
            });
        } catch (SQLException e) {
            // This user may not end the session of another user; then it waits for the lock.
            timeout.addSuppressed(e);
        }
    }

    @Override
    public void initializeOffsets(Positions starts) {
        move(starts, List.of(), List.of());
    }

    @Override
    public void write(Results results) {
        for (DeadLetter deadLetter : results.deadLetters()) {
            reject(deadLetter);
        }
        for (Record record : results.records()) {
            String fault = keyFault(record.key());
            fault = fault == null ? dialect.refusal(record) : fault;
            try {
                if (fault == null) {
                    byte[] value = Objects.requireNonNull(record.value(), "every stored value has been checked")
                            .array();
                    rows.add(new TableRow(record, columnValues.of(value)));
                }
            } catch (ColumnValues.Unfit e) {
                fault = String.valueOf(e.getMessage());
            }
            if (fault != null) {
                reject(new DeadLetter(record, fault));
                refusedHere++;
            }
        }
        bytes += results.bytes();
    }

    private void reject(DeadLetter deadLetter) {
        if (stopsAtDeadLetter) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "the record at offset " + deadLetter.record().offset() + " of partition "
                            + deadLetter.record().partition() + " of topic " + layout.topic() + " can't be stored",
                    deadLetter.reason(),
                    "correct the program that produces such records; or leave out --dead-letter none, to"
                            + " continue after such records");
        }
        letters.add(deadLetter);
    }

    private static @Nullable String keyFault(@Nullable Bytes key) {
        if (key == null) {
            return null;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key.array()));
            return null;
        } catch (CharacterCodingException e) {
            return "its key is not UTF-8";
        }
    }

    @Override
    public void commit(Positions to) {
        long refusedThere = move(to, rows, letters);
        refused += refusedHere + refusedThere;
        clear();
    }

    /** The transaction of a batch. Returns the number of rows that the database rejected. */
    private int move(Positions to, List<TableRow> good, List<DeadLetter> known) {
        int count;
        try {
            count = inTransaction(open -> {
                Failpoint.reach("database.begun");
                claims().move(open, to);
                Failpoint.reach("database.moved");
                List<DeadLetter> found = RowInsert.of(open, layout, good);
                if (stopsAtDeadLetter) {
                    found.forEach(this::reject);
                }
                if (!known.isEmpty()) {
                    dialect.insertDeadLetters(open, layout, known);
                }
                if (!found.isEmpty()) {
                    dialect.insertDeadLetters(open, layout, found);
                }
                Failpoint.reach("database.inserted");
                return found.size();
            });
        } catch (SQLException e) {
            // If the COMMIT failed, the next claim reads its outcome from the stored offsets.
            throw failures.of("cannot store in " + displayName(), e);
        }
        claims().moved(to);
        Failpoint.reach("database.committed");
        return count;
    }

    @Override
    public long rejected() {
        return refused;
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return rows.size() + letters.size() >= COMMIT_ROWS
                || bytes >= COMMIT_BYTES
                || sinceCommit.compareTo(COMMIT_INTERVAL) >= 0;
    }

    @Override
    public void abort() {
        clear();
        claims().forget();
    }

    private void clear() {
        rows = new ArrayList<>();
        letters = new ArrayList<>();
        bytes = 0;
        refusedHere = 0;
    }

    private OffsetTable claims() {
        return Objects.requireNonNull(claims, "set by open");
    }

    /** Runs the work in one transaction. After a failure the connection is replaced. */
    private <T> T inTransaction(Work<T> work) throws SQLException {
        boolean done = false;
        try {
            Connection open = connection();
            dialect.begin(open);
            T result = work.in(open);
            dialect.commit(open);
            done = true;
            return result;
        } finally {
            if (!done) {
                disconnect();
            }
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = settings.login().connect();
            connection = open;
            dialect.prepare(open);
        }
        return open;
    }

    /** No commit: the database rolls the open transaction back. */
    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // The connection is broken, and the database rolls back when it notices.
                return;
            }
        }
    }

    @Override
    public void close() {
        disconnect();
        if (lock != null) {
            lock.close();
        }
    }
}
