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

/** What one kind of database does in its own way. */
public interface Dialect {
    /** What an error says about whose fault it is. */
    enum Fault {
        /** The row can't be stored, and another could. */
        RECORD,
        /** A row of this topic, partition and offset is there already. */
        DUPLICATE,
        /** The database can't do it now. */
        TEMPORARY,
        /** There is no room. */
        FULL,
        /** The user, the password or the name of the database is wrong. */
        LOGIN,
        /** The user may not do it. */
        DENIED,
        /** Nothing of these. */
        OTHER
    }

    /** What columns of kstage's own tables hold. */
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

    /** The type of one of kstage's columns. */
    String type(Kind kind);

    /** The type of a column of the user's. */
    String type(Column.Type type);

    /** Whether a column that was created with this type is reported to have that one. */
    default boolean isSameType(String created, String reported) {
        return created.equalsIgnoreCase(reported);
    }

    /** Whether two names are one; as far as is known, case counts. */
    default boolean isSameName(String one, String other) {
        return one.equals(other);
    }

    /** Prepares a new connection, in which nothing has been done yet. */
    default void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    /** The first words of each transaction. */
    default void begin(Connection connection) throws SQLException {}

    /** Ends a transaction. */
    default void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    /** Marks a point in the open transaction; they may be nested. */
    default Savepoint mark(Connection connection) throws SQLException {
        return connection.setSavepoint();
    }

    /** Takes back what was done since the last mark, which stays. */
    default void goBack(Connection connection, Savepoint mark) throws SQLException {
        connection.rollback(mark);
    }

    /** Forgets the last mark. */
    default void release(Connection connection, Savepoint mark) throws SQLException {
        connection.releaseSavepoint(mark);
    }

    /** Keeps others from creating the tables at the same time, until the transaction ends. */
    default void lockCreation(Connection connection) throws SQLException {}

    /** Names the session in the database, for {@link #end}. */
    default String session(Connection connection) throws SQLException {
        return "";
    }

    /** Ends the session of an owner that may be asleep with a lock that is waited for. */
    default void end(Connection connection, String owner) throws SQLException {}

    /** Whether an error says that a lock was waited for too long. */
    default boolean isLockTimeout(SQLException e) {
        return false;
    }

    /** Whose fault an error is. */
    Fault fault(SQLException e);

    /** Why a record can't be stored here at all, or null if it can. */
    default @Nullable String refusal(Record record) {
        return null;
    }

    /** Inserts rows of the results, as one statement or batch: all of them or, with an error, none. */
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

    /** Inserts dead letters, which this must be able to take whatever is in them. */
    default void insertDeadLetters(Connection connection, TableSchema layout, List<DeadLetter> letters)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(layout.insertDeadLetter())) {
            for (DeadLetter letter : letters) {
                Record record = letter.record();
                insert.setString(1, layout.topic());
                insert.setInt(2, record.partition());
                insert.setLong(3, record.offset());
                setTime(insert, 4, record.timestamp());
                insert.setString(5, letter.reason());
                insert.setBytes(6, record.key() == null ? null : record.key().array());
                insert.setBytes(
                        7, record.value() == null ? null : record.value().array());
                insert.setString(8, DeadLetterLine.headersOf(record));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Sets the time of a record, in milliseconds, or null where it has none. */
    default void setTime(PreparedStatement insert, int place, long millis) throws SQLException {
        if (millis == Record.UNSET) {
            insert.setNull(place, Types.BIGINT);
        } else {
            insert.setLong(place, millis);
        }
    }

    /** Sets a value, whose bytes are UTF-8. */
    void setValue(PreparedStatement insert, int place, byte[] value) throws SQLException;

    /** Sets a field as {@link ColumnValues} gave it. */
    default void setField(PreparedStatement insert, int place, Column.Type type, @Nullable Object field)
            throws SQLException {
        insert.setObject(place, field);
    }
}
