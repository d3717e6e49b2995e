package dev.kstage.sink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes that somebody could make to the bytes of a small document, at random by a seed. */
public final class Mutation {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final List<String> NUMBERS = List.of(
            "-1",
            "0",
            "99999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "2147483647",
            "2147483648",
            "-9223372036854775808",
            "1e400",
            "0.5",
            "\"1\"",
            "null",
            "true",
            "[]");

    private final SplittableRandom random;
    private final List<String> strings = new ArrayList<>(List.of(
            "null",
            "7",
            "{}",
            "[]",
            "\"\"",
            "\"\\u0000\"",
            "\"..\"",
            "\".\"",
            "\"/\"",
            "\"" + "x".repeat(70_000) + "\"",
            "\"\\ud800\"",
            "\"99999999999999999999\""));

    /** @param targets that a name could lead to */
    public Mutation(long seed, Path... targets) {
        random = new SplittableRandom(seed);
        for (Path target : targets) {
            strings.add("\"" + target + "\"");
            for (String up : List.of("../", "../../", "../../../", "../../../../")) {
                strings.add("\"" + up + "home/" + target.getFileName() + "\"");
                strings.add("\"" + up + target.getFileName() + "\"");
            }
        }
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** One change, chosen at random. */
    public byte[] of(byte[] document) {
        int from = below(document.length + 1);
        int to = from + below(document.length - from + 1);
        return switch (below(9)) {
            case 0 -> flipped(document, below(Math.max(1, document.length)));
            case 1 -> spliced(document, from, to, new byte[0]);
            case 2 -> spliced(document, from, from, Arrays.copyOfRange(document, from, to));
            case 3 -> spliced(document, from, from, noise());
            case 4 -> Arrays.copyOf(document, from);
            case 5 -> spliced(document, from, from, bytes("[".repeat(1 + below(5_000))));
            case 6 -> replaced(document, NUMBER, NUMBERS);
            default -> replaced(document, STRING, strings);
        };
    }

    public byte[] flipped(byte[] document, int at) {
        byte[] changed = document.clone();
        if (changed.length > 0) {
            changed[at] ^= (byte) (1 << below(8));
        }
        return changed;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + below(16)];
        for (int at = 0; at < noise.length; at++) {
            noise[at] = (byte) random.nextInt();
        }
        return noise;
    }

    private byte[] replaced(byte[] document, Pattern pattern, List<String> by) {
        Matcher found = pattern.matcher(new String(document, StandardCharsets.ISO_8859_1));
        List<int[]> places = new ArrayList<>();
        while (found.find()) {
            places.add(new int[] {found.start(), found.end()});
        }
        if (places.isEmpty()) {
            return document;
        }
        int[] place = places.get(below(places.size()));
        return spliced(document, place[0], place[1], bytes(by.get(below(by.size()))));
    }

    private static byte[] spliced(byte[] document, int from, int to, byte[] instead) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(document, 0, from);
        changed.writeBytes(instead);
        changed.write(document, to, document.length - to);
        return changed.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
