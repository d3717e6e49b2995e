package dev.kstage.cli.deadletter;

import dev.kstage.record.Bytes;
import dev.kstage.report.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows bytes to a person: as text if they are text, else in hexadecimal digits. */
final class Dump {
    private static final int BYTES_A_LINE = 16;

    private Dump() {}

    /** @param escaped whether control characters are escaped */
    static List<String> lines(Bytes bytes, boolean escaped) {
        String text = textOf(bytes);
        if (text == null) {
            return hexadecimal(bytes.array());
        }
        return text.lines().map(line -> escaped ? Text.harmless(line) : line).toList();
    }

    /** The bytes as UTF-8 text, or null if they are not UTF-8 or contain a zero byte. */
    static @Nullable String textOf(Bytes bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
            return text.indexOf('\0') >= 0 ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Offset, bytes and characters, like {@code hexdump -C}. */
    private static List<String> hexadecimal(byte[] bytes) {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += BYTES_A_LINE) {
            StringBuilder digits = new StringBuilder();
            StringBuilder characters = new StringBuilder();
            for (int at = start; at < Math.min(bytes.length, start + BYTES_A_LINE); at++) {
                digits.append(
                        String.format(Locale.ROOT, at == start + BYTES_A_LINE / 2 ? "  %02x" : " %02x", bytes[at]));
                characters.append(bytes[at] >= ' ' && bytes[at] < 0x7f ? (char) bytes[at] : '.');
            }
            lines.add(String.format(Locale.ROOT, "%08x %-50s |%s|", start, digits, characters));
        }
        return lines;
    }
}
