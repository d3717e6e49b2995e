package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.sink.jdbc.JdbcSink;
import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a database beside its URL.
 *
 * @param access its table may be null for one named as the topic
 * @param columns those that are filled from fields of the values
 * @param hasStrictTypes whether a text that is exactly a number or a boolean is none
 */
record DatabaseRequest(DatabaseAccess access, List<Column> columns, boolean hasStrictTypes) {
    JdbcSink.Settings settings(CommandContext session, String url, String topic, @Nullable String deadLetters) {
        return new JdbcSink.Settings(
                access.login(session, url),
                access.table() == null ? TableName.of(topic) : access.table(),
                columns,
                deadLetters,
                hasStrictTypes);
    }
}
