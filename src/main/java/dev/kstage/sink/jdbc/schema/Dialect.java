package dev.kstage.sink.jdbc.schema;

import dev.kstage.format.DeadLetterLine;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The SQL dialect of one kind of database. */
public interface Dialect {
    /** The kind of an error. */
    enum Fault {
        /** This row can't be stored, but others can. */
        RECORD,
        /** A row with this topic, partition and offset exists. */
        DUPLICATE,
        /** The database can't do it now, but maybe later. */
        TEMPORARY,
        /** There is no space left. */
        FULL,
        /** The user, the password or the name of the database is wrong. */
        LOGIN,
        /** The user lacks a privilege. */
        DENIED,
        /** Any other error. */
        OTHER
    }

    /** What the columns of kstage's own tables contain. */
    enum Kind {
        NAME,
        TEXT,
        INT,
        BIGINT,
        TIME,
        VALUE,
        BYTES
    }

    /** The dialect of a URL. */
    static Dialect of(DatabaseLogin login) {
        if (login.isSqlite()) {
            return new SqliteDialect();
        }
        return login.url().startsWith("jdbc:postgresql:") ? new PostgresDialect() : new StandardDialect();
    }

    /** The SQL type of a column of kstage. */
    String type(Kind kind);

    /** The SQL type of a column of the user. */
    String type(Column.Type type);

    /** Whether a column that was created with type {@code created} is reported as {@code reported}. */
    default boolean isSameType(String created, String reported) {
        return created.equalsIgnoreCase(reported);
    }

    /** Whether two names are equal; by default, case matters. */
    default boolean isSameName(String one, String other) {
        return one.equals(other);
    }

    /** Prepares a new connection before its first use. */
    default void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    /** Starts a transaction. */
    default void begin(Connection connection) throws SQLException {}

    /** Ends a transaction. */
    default void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    /** Sets a savepoint in the open transaction; savepoints can be nested. */
    default Savepoint mark(Connection connection) throws SQLException {
        return connection.setSavepoint();
    }

    /** Rolls back to the last savepoint, which stays. */
    default void goBack(Connection connection, Savepoint mark) throws SQLException {
        connection.rollback(mark);
    }

    /** Releases the last savepoint. */
    default void release(Connection connection, Savepoint mark) throws SQLException {
        connection.releaseSavepoint(mark);
    }

    /** Prevents others from creating the tables at the same time, until the transaction ends. */
    default void lockCreation(Connection connection) throws SQLException {}

    /** The id of the database session, for {@link #end}. */
    default String session(Connection connection) throws SQLException {
        return "";
    }

    /** Ends the database session of an owner that may be paused while it holds a lock. */
    default void end(Connection connection, String owner) throws SQLException {}

    /** Whether an error is a lock timeout. */
    default boolean isLockTimeout(SQLException e) {
        return false;
    }

    /** The kind of an error. */
    Fault fault(SQLException e);

    /** Why the database can't store this record at all, or null if it can. */
    default @Nullable String refusal(Record record) {
        return null;
    }

    /** Inserts rows of the results in one statement or batch: all of them or, with an error, none. */
    default void insert(Connection connection, TableSchema layout, List<TableRow> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(layout.insert())) {
            for (TableRow row : rows) {
                Record record = row.record();
                insert.setString(1, layout.topic());
                insert.setInt(2, record.partition());
                insert.setLong(3, record.offset());
                setTime(insert, 4, record.timestamp());
                insert.setString(5, record.key() == null ? null : record.key().toString());
                setValue(insert, 6, Objects.requireNonNull(record.value()).array());
                for (int i = 0; i < row.fields().length; i++) {
                    setField(insert, 7 + i, layout.columns().get(i).type(), row.fields()[i]);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Inserts dead-letter records. This must accept any content. */
    default void insertDeadLetters(Connection connection, TableSchema layout, List<DeadLetter> deadLetters)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(layout.insertDeadLetter())) {
            for (DeadLetter deadLetter : deadLetters) {
                Record record = deadLetter.record();
                insert.setString(1, layout.topic());
                insert.setInt(2, record.partition());
                insert.setLong(3, record.offset());
                setTime(insert, 4, record.timestamp());
                insert.setString(5, deadLetter.reason());
                insert.setBytes(6, record.key() == null ? null : record.key().array());
                insert.setBytes(
                        7, record.value() == null ? null : record.value().array());
                insert.setString(8, DeadLetterLine.headersOf(record));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Sets the time of a record, in milliseconds, or null if it has none. */
    default void setTime(PreparedStatement insert, int index, long millis) throws SQLException {
        if (millis == Record.UNSET) {
            insert.setNull(index, Types.BIGINT);
        } else {
            insert.setLong(index, millis);
        }
    }

    /** Sets a value; its bytes are UTF-8. */
    void setValue(PreparedStatement insert, int index, byte[] value) throws SQLException;

    /** Sets a field that {@link ColumnValues} returned. */
    default void setField(PreparedStatement insert, int index, Column.Type type, @Nullable Object field)
            throws SQLException {
        insert.setObject(index, field);
    }
}
