package dev.kstage.sink.jdbc;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.sink.jdbc.schema.TableSchema;
import dev.kstage.stage.CommitConflict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one sink in {@code kstage_position}, and the partitions that this run has claimed. A claim increments
 * the owner epoch; a run with an older epoch can't update the offsets any more. Rows are always updated in the order
 * of the partitions, so that two runs never deadlock.
 */
final class OffsetTable {
    private record Claim(long epoch, @Nullable Position position) {}

    private final TableSchema layout;
    private final Origin origin;
    private final String where;
    private final SortedMap<Integer, Claim> claims = new TreeMap<>();

    OffsetTable(TableSchema layout, Origin origin) {
        this.layout = layout;
        this.origin = origin;
        this.where = " WHERE sink = ? AND topic = ? AND " + layout.quoted("partition") + " = ?";
    }

    /** Claims partitions in the open transaction; returns the stored positions. */
    Positions claim(Connection connection, Collection<Integer> partitions, String owner) throws SQLException {
        String table = layout.positions();
        SortedMap<Integer, Claim> claimed = new TreeMap<>();
        try (PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + table + " SET owner_epoch = owner_epoch + 1, owner = ?" + where);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table
                        + " (owner, sink, topic, " + layout.quoted("partition")
                        + ", topic_id, owner_epoch) VALUES (?, ?, ?, ?, ?, 1)");
                PreparedStatement select = connection.prepareStatement(
                        "SELECT owner_epoch, next_offset, leader_epoch FROM " + table + where)) {
            for (int partition : new TreeSet<>(partitions)) {
                update.setString(1, owner);
                name(update, 2, partition);
                if (update.executeUpdate() == 0) {
                    insert.setString(1, owner);
                    name(insert, 2, partition);
                    insert.setString(5, origin.id());
                    insert.executeUpdate();
                }
                name(select, 1, partition);
                claimed.put(partition, read(select));
            }
        }
        claims.putAll(claimed);
        SortedMap<Integer, Position> known = new TreeMap<>();
        claimed.forEach((partition, claim) -> {
            if (claim.position() != null) {
                known.put(partition, claim.position());
            }
        });
        return new Positions(known);
    }

    private static Claim read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new CommitConflict("the stored offset was deleted");
            }
            StoredValues stored = new StoredValues(row, TableSchema.POSITIONS);
            long epoch = stored.number(1, 1, Long.MAX_VALUE - 1);
            return new Claim(epoch, stored.isNull(2) ? null : position(stored));
        }
    }

    /** Reads next offset and leader epoch from the second and third column. */
    private static Position position(StoredValues stored) throws SQLException {
        return new Position(
                stored.number(2, 0, Long.MAX_VALUE - 1),
                stored.isNull(3) ? Position.NO_EPOCH : stored.count(3, Position.NO_EPOCH));
    }

    /** The owners of partitions; each row has the last one that committed. */
    List<String> owners(Connection connection, Collection<Integer> partitions) throws SQLException {
        List<String> owners = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT owner FROM " + layout.positions() + where)) {
            for (int partition : partitions) {
                name(select, 1, partition);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        owners.add(String.valueOf(row.getString(1)));
                    }
                }
            }
        }
        return owners;
    }

    /**
     * Updates offsets in the open transaction, if they are unchanged since this run read them.
     *
     * @throws CommitConflict if an offset has changed, or a partition has a newer owner
     */
    void move(Connection connection, Positions to) throws SQLException {
        String update = "UPDATE " + layout.positions() + " SET next_offset = ?, leader_epoch = ?" + where
                + " AND owner_epoch = ? AND next_offset ";
        try (PreparedStatement first = connection.prepareStatement(update + "IS NULL");
                PreparedStatement later = connection.prepareStatement(update + "= ?")) {
            for (Map.Entry<Integer, Position> each : to.byPartition().entrySet()) {
                Claim claim = claims.get(each.getKey());
                if (claim == null) {
                    throw new CommitConflict("partition " + each.getKey() + " is not claimed");
                }
                PreparedStatement statement = claim.position() == null ? first : later;
                statement.setLong(1, each.getValue().next());
                statement.setInt(2, each.getValue().leaderEpoch());
                name(statement, 3, each.getKey());
                statement.setLong(6, claim.epoch());
                if (claim.position() != null) {
                    statement.setLong(7, claim.position().next());
                }
                if (statement.executeUpdate() != 1) {
                    throw new CommitConflict("partition " + each.getKey() + " has a newer owner");
                }
            }
        }
    }

    /** Called after the transaction that updated the offsets was committed. */
    void moved(Positions to) {
        to.byPartition()
                .forEach((partition, position) -> claims.compute(
                        partition,
                        (key, claim) -> new Claim(Objects.requireNonNull(claim).epoch(), position)));
    }

    /** Forgets all claims of this run. */
    void forget() {
        claims.clear();
    }

    private void name(PreparedStatement statement, int index, int partition) throws SQLException {
        statement.setString(index, layout.table().name());
        statement.setString(index + 1, origin.name());
        statement.setObject(index + 2, partition, Types.INTEGER);
    }
}
