package dev.kstage.sink.jdbc.schema;

import dev.kstage.report.Failure;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemas and tables of a database. For databases with catalogs instead of schemas, such as MySQL, catalogs are
 * used.
 */
public record DatabaseCatalog(Connection connection, Dialect dialect) {
    /** The name without its schema if that is the default schema. */
    public TableName normal(TableName table) throws SQLException {
        String schema = table.schema();
        if (schema == null || dialect instanceof SqliteDialect) {
            boolean isMain = schema == null || schema.equalsIgnoreCase("main");
            return isMain ? TableName.of(table.name()) : table;
        }
        return table.normal(current());
    }

    /** The default schema. */
    @Nullable
    public String current() throws SQLException {
        return hasSchemas() ? connection.getSchema() : connection.getCatalog();
    }

    private boolean hasSchemas() throws SQLException {
        return connection.getMetaData().supportsSchemasInTableDefinitions();
    }

    /**
     * @param database for messages
     * @throws Failure if the schema does not exist
     */
    public void requireSchema(TableName table, String database) throws SQLException {
        String schema = table.schema();
        if (schema == null) {
            return;
        }
        String quoted = '"' + table.name().replace("\"", "\"\"") + '"';
        if (dialect instanceof SqliteDialect) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot store in table " + table + " of " + database,
                    "a SQLite file has no schema " + schema + ", because kstage attaches no other file",
                    "leave out the schema; write a name with a dot in double quotes: --table '\"" + schema + "."
                            + table.name() + "\"'");
        }
        if (!schemas().contains(schema)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no schema " + schema + " in " + database,
                    "--table " + table + " means table " + quoted + " of that schema, and kstage does not"
                            + " create schemas",
                    "create it: CREATE SCHEMA \"" + schema.replace("\"", "\"\"") + "\"; or write a name with a dot in"
                            + " double quotes: --table '\"" + schema + "." + table.name() + "\"'");
        }
    }

    private List<String> schemas() throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        List<String> names = new ArrayList<>();
        try (ResultSet rows = hasSchemas() ? data.getSchemas() : data.getCatalogs()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Whether the table exists. */
    public boolean has(TableName table) throws SQLException {
        boolean hasSchemas = hasSchemas();
        String schema = table.schema() == null ? current() : table.schema();
        String catalog = hasSchemas ? connection.getCatalog() : schema;
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(
                        catalog, hasSchemas && schema != null ? pattern(schema) : null, pattern(table.name()), null)) {
            while (tables.next()) {
                if (dialect.isSameName(tables.getString("TABLE_NAME"), table.name())) {
                    return !String.valueOf(tables.getString("TABLE_TYPE")).contains("INDEX");
                }
            }
            return false;
        }
    }

    /** Tables of this name in all schemas; that of the default schema comes first. */
    public List<TableName> all(String name) throws SQLException {
        List<TableName> found = new ArrayList<>();
        if (has(TableName.of(name))) {
            found.add(TableName.of(name));
        }
        if (dialect instanceof SqliteDialect || !hasSchemas()) {
            return found;
        }
        try (ResultSet tables =
                connection.getMetaData().getTables(connection.getCatalog(), null, pattern(name), null)) {
            while (tables.next()) {
                TableName each = normal(new TableName(tables.getString("TABLE_SCHEM"), tables.getString("TABLE_NAME")));
                if (each.schema() != null && each.name().equals(name)) {
                    found.add(each);
                }
            }
        }
        return found;
    }

    private String pattern(String name) throws SQLException {
        String escape = connection.getMetaData().getSearchStringEscape();
        return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
    }

    /** The columns of a table with their types. */
    public Map<String, String> columns(String qualified) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + qualified + " WHERE 1 = 0")) {
            ResultSetMetaData data = none.getMetaData();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                columns.put(data.getColumnName(i), data.getColumnTypeName(i).toLowerCase(Locale.ROOT));
            }
        }
        return columns;
    }

    /** The quote character for names. */
    public String quote() throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString();
        return quote.isBlank() ? "\"" : quote;
    }

    /** A quoted name for a statement. */
    public static String quoted(String quote, TableName table) {
        String schema = table.schema();
        return (schema == null ? "" : quoted(quote, schema) + ".") + quoted(quote, table.name());
    }

    public static String quoted(String quote, String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }
}
