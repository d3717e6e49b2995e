package dev.kstage.sink.jdbc.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of the columns from JSON values: numbers as {@code Long} and {@code Double}, {@code Boolean},
 * everything else as text that every database parses. A string that is exactly a number or a boolean is converted,
 * unless types are strict.
 */
public final class ColumnValues {
    /** A field does not fit its column; the message says which and why. */
    public static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }
    }

    private static final int MOST_SHOWN = 40;
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // The values have been checked before; a second limit here is not needed.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final List<Column> columns;
    private final boolean numericsAreDoubles;
    private final boolean isStrict;
    private final Map<String, Integer> indexes = new HashMap<>();

    public ColumnValues(List<Column> columns) {
        this(columns, false, false);
    }

    /**
     * @param numericsAreDoubles whether the database stores numerics as doubles, and the largest as infinity
     * @param isStrict whether strings are never converted to numbers or booleans
     */
    public ColumnValues(List<Column> columns, boolean numericsAreDoubles, boolean isStrict) {
        this.columns = columns;
        this.numericsAreDoubles = numericsAreDoubles;
        this.isStrict = isStrict;
        for (int i = 0; i < columns.size(); i++) {
            indexes.put(columns.get(i).name(), i);
        }
    }

    /** One object per column; null if the field is absent or null. */
    @Nullable
    public Object[] of(byte[] value) throws Unfit {
        @Nullable Object[] fields = new Object[columns.size()];
        if (fields.length == 0) {
            return fields;
        }
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Unfit("the value is not a JSON object, so it has no fields for columns");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                Integer index = indexes.get(json.currentName());
                JsonToken token = json.nextToken();
                if (index == null) {
                    json.skipChildren();
                } else {
                    fields[index] = token == JsonToken.VALUE_NULL ? null : field(columns.get(index), json, value);
                }
            }
            return fields;
        } catch (IOException e) {
            throw new Unfit("its fields can't be read: " + e.getMessage());
        }
    }

    private Object field(Column column, JsonParser json, byte[] value) throws IOException, Unfit {
        JsonToken token = json.currentToken();
        if (column.type() == Column.Type.JSON) {
            return source(json, value);
        }
        if (token.isStructStart()) {
            json.skipChildren();
            throw new Unfit(column.name() + ": " + (token == JsonToken.START_OBJECT ? "an object" : "an array")
                    + " is not " + article(column.type()));
        }
        try {
            return switch (column.type()) {
                case TEXT, JSON -> text(column, json);
                case INT -> (long) new BigDecimal(number(json, 100)).intValueExact();
                case BIGINT -> new BigDecimal(number(json, 100)).longValueExact();
                case NUMERIC -> numeric(number(json, Integer.MAX_VALUE));
                case DOUBLE -> finite(Double.parseDouble(number(json, Integer.MAX_VALUE)));
                case BOOLEAN -> bool(json);
                case TIMESTAMPTZ ->
                    (isNumber(json)
                                    ? epoch(column, json)
                                    : OffsetDateTime.parse(iso(json)).toInstant())
                            .toString();
                case TIMESTAMP ->
                    (isNumber(json)
                                    ? LocalDateTime.ofInstant(epoch(column, json), ZoneOffset.UTC)
                                    : LocalDateTime.parse(iso(json)))
                            .toString();
                case DATE -> LocalDate.parse(string(json)).toString();
            };
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            throw new Unfit(column.name() + ": " + shown(json) + " is not " + article(column.type()));
        }
    }

    /** An unpaired escape such as \\ud800 is valid JSON, but no encoding has bytes for it. */
    private static String text(Column column, JsonParser json) throws IOException, Unfit {
        String text = json.getText();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new Unfit(column.name() + ": the escape \\u" + Integer.toHexString(c)
                        + " is half of a character (an unpaired surrogate)");
            }
        }
        return text;
    }

    /** The bytes of the field exactly as in the value. */
    private static String source(JsonParser json, byte[] value) throws IOException {
        if (json.currentToken().isNumeric() || json.currentToken().isBoolean()) {
            return json.getText();
        }
        int start = (int) json.currentTokenLocation().getByteOffset();
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            json.finishToken();
        } else {
            json.skipChildren();
        }
        int end = (int) json.currentLocation().getByteOffset();
        return new String(value, start, end - start, StandardCharsets.UTF_8);
    }

    /** Whether it is a number or, unless types are strict, a string that is exactly a JSON number. */
    private boolean isNumber(JsonParser json) throws IOException {
        return json.currentToken().isNumeric()
                || (!isStrict && json.currentToken() == JsonToken.VALUE_STRING && NumberText.isNumber(json.getText()));
    }

    private String number(JsonParser json, int longest) throws IOException {
        if (!isNumber(json)) {
            throw new NumberFormatException();
        }
        String text = json.getText();
        // 1e999999999 is a short text but a very long whole number.
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (text.length() > longest || (longest < Integer.MAX_VALUE && exponent >= 0 && text.length() - exponent > 4)) {
            throw new NumberFormatException();
        }
        return text;
    }

    private String numeric(String number) {
        if (numericsAreDoubles) {
            finite(Double.parseDouble(number));
        }
        return number;
    }

    private static Double finite(double number) {
        if (Double.isInfinite(number)) {
            throw new ArithmeticException();
        }
        return number;
    }

    private Boolean bool(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token.isBoolean()) {
            return token == JsonToken.VALUE_TRUE;
        }
        String text = isStrict ? "" : string(json);
        if (!text.equals("true") && !text.equals("false")) {
            throw new NumberFormatException();
        }
        return text.equals("true");
    }

    /** A time given as a number, in the unit of its column. */
    private Instant epoch(Column column, JsonParser json) throws IOException, Unfit {
        String number = number(json, 100);
        Column.Epoch unit = column.epoch();
        if (unit == null) {
            throw new Unfit(column.name() + ": " + shown(json) + " is a number without a unit: write " + column.type()
                    + "(s), " + column.type() + "(ms) or " + column.type() + "(us) in --columns");
        }
        Instant time = NumberText.instant(number, unit);
        if (time.isBefore(EARLIEST) || !time.isBefore(LATEST)) {
            throw new Unfit(
                    column.name() + ": " + shown(json) + " in " + unit + " is not a time in the years 1 to 9999");
        }
        return time;
    }

    /** Inserts the T that ISO 8601 requires between date and time, and that many databases omit. */
    private static String iso(JsonParser json) throws IOException {
        String text = string(json);
        return text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    }

    private static String string(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new NumberFormatException();
        }
        return json.getText();
    }

    private static String article(Column.Type type) {
        return (type == Column.Type.INT ? "an " : "a ") + type;
    }

    private static String shown(JsonParser json) throws IOException {
        String text = json.getText();
        String start = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
        return json.currentToken() == JsonToken.VALUE_STRING ? '"' + start + '"' : start;
    }
}
