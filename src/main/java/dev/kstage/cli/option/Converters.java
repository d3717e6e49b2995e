package dev.kstage.cli.option;

import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parsers of option values. */
public final class Converters {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private Converters() {}

    /**
     * Registers the parsers.
     *
     * @param base what relative paths are resolved against
     */
    public static void register(CommandLine commandLine, Path base) {
        // Classes, not lambdas: a lambda of such an old interface can't be in the class archive, and then neither
        // can the interface and picocli's own converters.
        commandLine.registerConverter(Duration.class, new OfDuration());
        commandLine.registerConverter(StartRule.class, new OfStartRule());
        commandLine.registerConverter(Header.class, new OfHeader());
        commandLine.registerConverter(Path.class, new OfPath(base));
        commandLine.registerConverter(Destination.class, new Destination.Converter(base));
    }

    private record OfPath(Path base) implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return base.resolve(text);
        }
    }

    private static final class OfDuration implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return duration(text);
        }
    }

    private static final class OfStartRule implements ITypeConverter<StartRule> {
        @Override
        public StartRule convert(String text) {
            return startRule(text);
        }
    }

    private static final class OfHeader implements ITypeConverter<Header> {
        @Override
        public Header convert(String text) {
            return header(text);
        }
    }

    /** {@code 500ms}, {@code 10s}, {@code 1m}, {@code 1m30s}; above zero. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        Duration total = Duration.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            long number = Long.parseLong(matcher.group(1));
            total = total.plus(
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
            end = matcher.end();
        }
        if (end != text.length() || total.isZero() || total.compareTo(Duration.ofDays(20)) > 0) {
            throw new TypeConversionException("'" + text + "' is not a duration like 500ms, 10s, 1m30s or 2h");
        }
        return total;
    }

    /** {@code earliest}, {@code latest}, an offset, {@code -N} for the last N, {@code @TIME}. */
    static StartRule startRule(String text) {
        if (text.equals("earliest")) {
            return new StartRule.Earliest();
        }
        if (text.equals("latest")) {
            return new StartRule.Latest();
        }
        if (NUMBER.matcher(text).matches()) {
            return new StartRule.AtOffset(Long.parseLong(text));
        }
        if (text.startsWith("-") && NUMBER.matcher(text.substring(1)).matches()) {
            return new StartRule.Last(Long.parseLong(text.substring(1)));
        }
        if (text.startsWith("@")) {
            return new StartRule.Since(time(text.substring(1)));
        }
        throw new TypeConversionException(
                "'" + text + "' is not a start position; use earliest, latest, an offset, -N for the last N"
                        + " records, or @TIME");
    }

    /** Milliseconds since 1970, or ISO 8601; the default zone is UTC. */
    private static Instant time(String text) {
        if (NUMBER.matcher(text).matches()) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time like 2026-01-31T12:00:00Z, 2026-01-31 or 1767225600000");
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text + "' is out of range for a time");
        }
    }

    /** {@code NAME=VALUE}. */
    static Header header(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new TypeConversionException("'" + text + "' is not a header like NAME=VALUE");
        }
        return new Header(text.substring(0, equals), Bytes.of(text.substring(equals + 1)));
    }
}
