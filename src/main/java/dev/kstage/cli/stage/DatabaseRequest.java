package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.sink.jdbc.JdbcSink;
import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options for a database, in addition to its URL.
 *
 * @param access its table is null for a table with the name of the topic
 * @param columns columns that are filled from fields of the values
 * @param hasStrictTypes whether strings are never converted to numbers or booleans
 */
record DatabaseRequest(DatabaseAccess access, List<Column> columns, boolean hasStrictTypes) {
    JdbcSink.Settings settings(CommandContext context, String url, String topic, @Nullable String deadLetters) {
        return new JdbcSink.Settings(
                access.login(context, url),
                access.table() == null ? TableName.of(topic) : access.table(),
                columns,
                deadLetters,
                hasStrictTypes);
    }
}
