package dev.kstage.installed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation in Markdown: README.md, or one of {@code .github} and {@code src/site/markdown}. Blocks of
 * code are indented by four spaces, as all pages have them.
 *
 * @param file where it is, relative to the repository
 */
public record Page(Path file, List<Block> blocks) {
    private static final Path README = Path.of("README.md");
    private static final List<Path> DIRECTORIES = List.of(Path.of("src/site/markdown"), Path.of(".github"));
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");
    private static final Pattern ITEM = Pattern.compile(" *(?:[-*]|\\d+\\.) (.*)");
    private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\(([^)\\s]+)\\)");
    private static final Pattern CODE_LIST = Pattern.compile("`[^`]+`(?:(?:,| and| or|, and|, or) `[^`]+`)+");
    private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<=[.!?])[\"')*]*\\s+");

    /** A part of a page. */
    public sealed interface Block {}

    public record Heading(String title) implements Block {}

    /** A block of code, without its indentation; blank lines are part of it. */
    public record Code(List<String> lines) implements Block {}

    /** A paragraph, an item of a list or a cell of a table, on one line. */
    public record Text(String text) implements Block {}

    /** Every page of the repository. */
    public static List<Page> all() {
        List<Page> pages = new ArrayList<>(List.of(read(README)));
        for (Path directory : DIRECTORIES) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(file -> pages.add(read(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pages;
    }

    public static Page read(Path file) {
        try {
            return of(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Page of(Path file, String markdown) {
        return new Page(file, new Parser().parse(markdown));
    }

    private static final class Parser {
        private final List<Block> blocks = new ArrayList<>();
        private final List<String> code = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        List<Block> parse(String markdown) {
            for (String line : markdown.lines().toList()) {
                Matcher heading = HEADING.matcher(line);
                Matcher item = ITEM.matcher(line);
                // Within a paragraph or an item, spaces before a line mean nothing.
                if (text.isEmpty() && (line.startsWith("    ") || (line.isBlank() && !code.isEmpty()))) {
                    code.add(line.isBlank() ? "" : line.substring(4));
                    continue;
                }
                endCode();
                if (line.isBlank()) {
                    endText();
                } else if (heading.matches()) {
                    endText();
                    blocks.add(new Heading(heading.group(1)));
                } else if (line.startsWith("|")) {
                    endText();
                    Arrays.stream(CELL.split(line)).map(String::strip).forEach(cell -> blocks.add(new Text(cell)));
                } else if (item.matches()) {
                    endText();
                    text.append(item.group(1));
                } else {
                    text.append(text.isEmpty() ? "" : " ").append(line.strip());
                }
            }
            endCode();
            endText();
            return List.copyOf(blocks);
        }

        private void endCode() {
            while (!code.isEmpty() && code.get(code.size() - 1).isEmpty()) {
                code.remove(code.size() - 1);
            }
            if (!code.isEmpty()) {
                blocks.add(new Code(List.copyOf(code)));
                code.clear();
            }
        }

        private void endText() {
            if (!text.isEmpty()) {
                blocks.add(new Text(text.toString()));
                text.setLength(0);
            }
        }
    }

    private Stream<String> texts() {
        return blocks.stream()
                .map(block -> block instanceof Text text
                        ? text.text()
                        : block instanceof Heading heading ? heading.title() : "");
    }

    /** The names by which links lead to its headings, as GitHub makes them. */
    public Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        for (Block block : blocks) {
            if (block instanceof Heading heading) {
                anchors.add(heading.title()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** Where its links and pictures lead, but for those to other hosts. */
    public List<String> links() {
        return texts().flatMap(text -> LINK.matcher(text).results())
                .map(link -> link.group(2))
                .filter(target -> !target.matches("\\w+:.*"))
                .toList();
    }

    /** The links that lead to no file, or to no heading of a page. */
    public List<String> deadLinks() {
        return links().stream().filter(this::isDead).toList();
    }

    private boolean isDead(String link) {
        String path = link.replaceFirst("#.*", "");
        String anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
        Path directory = file.getParent() == null ? Path.of("") : file.getParent();
        Path target = path.isEmpty() ? file : directory.resolve(path).normalize();
        if (path.isEmpty() ? anchor.isEmpty() : !Files.exists(target)) {
            return true;
        }
        Page page = path.isEmpty() ? this : target.toString().endsWith(".md") ? read(target) : null;
        return !anchor.isEmpty() && (page == null || !page.anchors().contains(anchor));
    }

    /** What stands between backquotes. */
    public List<String> codeSpans() {
        return texts().flatMap(text -> CODE.matcher(text).results())
                .map(span -> span.group(1))
                .toList();
    }

    /** Every sentence outside of blocks of code; a name between backquotes, or a list of them, is one word in it. */
    public List<String> sentences() {
        return texts().map(text -> CODE_LIST.matcher(text).replaceAll("`name`"))
                .map(text -> CODE.matcher(text).replaceAll("`name`"))
                .map(text -> LINK.matcher(text).replaceAll(Page::label))
                .flatMap(END_OF_SENTENCE::splitAsStream)
                .filter(sentence -> !sentence.isBlank())
                .toList();
    }

    private static String label(MatchResult link) {
        return Matcher.quoteReplacement(link.group(1));
    }

    /** How many words a sentence has. */
    public static long words(String sentence) {
        return Arrays.stream(sentence.split("\\s+", -1))
                .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
                .count();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
