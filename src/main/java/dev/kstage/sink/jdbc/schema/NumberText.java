package dev.kstage.sink.jdbc.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;

/** Parses numbers as JSON writes them. */
final class NumberText {
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);
    // Longer numbers may not fit into a long.
    private static final int MOST_DIGITS = 18;

    private NumberText() {}

    /** Whether the whole text is a JSON number (RFC 8259): no space, no plus, no leading zero. */
    static boolean isNumber(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        int whole = digits(text, at);
        if (whole == at || (whole > at + 1 && text.charAt(at) == '0')) {
            return false;
        }
        at = whole;
        if (text.startsWith(".", at)) {
            int end = digits(text, at + 1);
            if (end == at + 1) {
                return false;
            }
            at = end;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            at += at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
            int end = digits(text, at);
            return end > at && end == text.length();
        }
        return at == text.length();
    }

    private static int digits(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    /**
     * The instant that is {@code number} units after 1970 UTC.
     *
     * @throws ArithmeticException if it is finer than a nanosecond, or too large
     * @throws java.time.DateTimeException if it is too large
     */
    static Instant instant(String number, Column.Epoch unit) {
        if (number.length() <= MOST_DIGITS && digits(number, number.startsWith("-") ? 1 : 0) == number.length()) {
            long count = Long.parseLong(number);
            return switch (unit) {
                case S -> Instant.ofEpochSecond(count);
                case MS -> Instant.ofEpochMilli(count);
                case US ->
                    Instant.ofEpochSecond(Math.floorDiv(count, 1_000_000L), Math.floorMod(count, 1_000_000L) * 1_000);
            };
        }
        int toNanos =
                switch (unit) {
                    case S -> 9;
                    case MS -> 6;
                    case US -> 3;
                };
        BigInteger nanos = new BigDecimal(number).scaleByPowerOfTen(toNanos).toBigIntegerExact();
        BigInteger[] parts = nanos.divideAndRemainder(NANOS);
        return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    }
}
