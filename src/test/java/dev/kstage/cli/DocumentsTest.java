package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.installed.Page;
import dev.kstage.kafka.exactlyonce.ResumableTopicSink;
import dev.kstage.kafka.exactlyonce.TopicSink;
import dev.kstage.sink.directory.SegmentDirectorySink;
import dev.kstage.sink.file.FileSink;
import dev.kstage.sink.jdbc.JdbcSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the pages say is there, and in sentences that a reader can take in; {@link ReadmeIT} runs their commands. */
class DocumentsTest {
    private static final int MOST_WORDS = 30;
    private static final int MOST_LINES_OF_README = 150;
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern CLASS = Pattern.compile("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*");
    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|record|enum|interface) (\\w+)");
    private static final Pattern STEP = Pattern.compile("(?:file|directory|database|topic|produce)\\.[a-z]+");
    private static final Pattern PATH = Pattern.compile("(?:scripts|src|compose|\\.ci|\\.github)/[\\w./-]*\\w");

    static List<Page> pages() {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_lead_to_a_file_and_a_heading(Page page) {
        assertThat(page.deadLinks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nowhere.md",
                "#no-such-heading",
                "src/site/markdown/delivery.md#no-such-heading",
                "src/site/resources/none.svg",
                "#"
            })
    void a_dead_link_is_found(String link) {
        Page page = Page.of(Path.of("README.md"), "# A page\n\nSee [it](" + link + ") and [this](#a-page).\n");

        assertThat(page.deadLinks()).containsExactly(link);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void no_sentence_is_long(Page page) {
        assertThat(page.sentences()).isNotEmpty().allSatisfy(sentence -> assertThat(Page.words(sentence))
                .as(sentence)
                .isLessThanOrEqualTo(MOST_WORDS));
    }

    /** Wherever it stands: in a paragraph over two lines, in an item of a list, or in a cell of a table. */
    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "A short one. %s Another.", "- one\n- %s\n", "| a | b |\n|---|---|\n| short | %s |", "# %s"
            })
    void a_long_sentence_is_found(String where) {
        String words =
                "word ".repeat(MOST_WORDS / 2) + "word,\n".repeat(where.contains("|") || where.startsWith("#") ? 0 : 1);
        String sentence = (words + "word ".repeat(MOST_WORDS + 1)).strip() + ".";
        Page page = Page.of(Path.of("README.md"), String.format(where, sentence));

        assertThat(page.sentences()).anyMatch(each -> Page.words(each) > MOST_WORDS);
    }

    @Test
    void code_and_lists_of_names_are_no_sentences() {
        String names = "`a`, " + "`b`, ".repeat(MOST_WORDS) + "and `c`";
        Page page = Page.of(
                Path.of("README.md"),
                "It has " + names + ".\n\n    $ " + "word ".repeat(MOST_WORDS + 1)
                        + "\n\nSee [a page](b.md). It is short.\n");

        assertThat(page.sentences()).containsExactly("It has `name`.", "See a page.", "It is short.");
        assertThat(page.sentences()).extracting(Page::words).containsExactly(3L, 3L, 3L);
    }

    @Test
    void the_front_page_is_short_and_leads_to_every_other_page() throws IOException {
        Page readme = Page.read(Path.of("README.md"));

        assertThat(Files.readAllLines(readme.file())).hasSizeLessThanOrEqualTo(MOST_LINES_OF_README);
        assertThat(readme.links())
                .containsAll(pages().stream()
                        .filter(page -> !page.equals(readme))
                        .map(Page::toString)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void options_are_those_of_a_command(Page page, @TempDir Path home) {
        assertThat(missing(page.codeSpans(), OPTION, isOfOthers().negate(), options(home)))
                .isEmpty();
    }

    @Test
    void an_option_that_is_not_there_is_found(@TempDir Path home) {
        assertThat(missing(
                        List.of("--count", "produce --cuont N"),
                        OPTION,
                        isOfOthers().negate(),
                        options(home)))
                .containsExactly("--cuont");
    }

    /** Commands of other programs have options of their own. */
    private static Predicate<String> isOfOthers() {
        return span -> span.matches("(?:scripts/(?!kstage )|docker |airflow |mvn ).*");
    }

    private static Set<String> options(Path home) {
        CommandContext session = CommandLineRun.session(
                home, Map.of(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        return options(Kstage.commandLine(session)).collect(Collectors.toSet());
    }

    private static Stream<String> options(CommandLine command) {
        return Stream.concat(
                command.getCommandSpec().options().stream().flatMap(option -> Stream.of(option.names())),
                command.getSubcommands().values().stream().flatMap(DocumentsTest::options));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void classes_are_there(Page page) throws IOException {
        assertThat(page.codeSpans().stream()
                        .filter(CLASS.asMatchPredicate())
                        .filter(Predicate.not(declared()::contains)))
                .isEmpty();
    }

    private static Set<String> declared() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> DECLARATION.matcher(text(file)).results())
                    .map(declaration -> declaration.group(1))
                    .collect(Collectors.toSet());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void files_are_there(Page page) {
        assertThat(page.codeSpans().stream()
                        .map(PATH::matcher)
                        .filter(Matcher::lookingAt)
                        .map(Matcher::group)
                        .filter(path -> Files.notExists(Path.of(path))))
                .isEmpty();
    }

    @Test
    void each_failpoint_is_on_the_page_of_delivery_and_no_other() {
        Set<String> named = Page.read(Path.of("src/site/markdown/delivery.md")).codeSpans().stream()
                .filter(STEP.asMatchPredicate())
                .collect(Collectors.toSet());

        assertThat(named)
                .isEqualTo(Stream.of(
                                FileSink.FAILPOINTS,
                                SegmentDirectorySink.FAILPOINTS,
                                JdbcSink.FAILPOINTS,
                                TopicSink.FAILPOINTS,
                                ResumableTopicSink.FAILPOINTS)
                        .flatMap(List::stream)
                        .collect(Collectors.toSet()));
    }

    @Test
    void each_key_of_a_stored_document_is_on_the_page_of_formats() {
        Set<String> named = Page.read(Path.of("src/site/markdown/formats.md")).codeSpans().stream()
                .flatMap(Pattern.compile("\\W+")::splitAsStream)
                .collect(Collectors.toSet());
        Set<String> keys = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.kstage").stream()
                        .filter(type -> type.getRawInterfaces().stream()
                                .anyMatch(each -> each.getSimpleName().equals("StoredDocument")))
                        .flatMap(type -> keys(type.reflect()))
                        .collect(Collectors.toSet());

        assertThat(keys).contains("sinkId", "leaderEpoch", "sha256");
        assertThat(named).containsAll(keys);
    }

    private static Stream<String> keys(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .flatMap(each -> Stream.concat(Stream.of(each.getName()), keys(each.getType())))
                : Stream.empty();
    }

    private static List<String> missing(
            List<String> spans, Pattern what, Predicate<String> isChecked, Set<String> known) {
        return spans.stream()
                .filter(isChecked)
                .flatMap(span -> what.matcher(span).results())
                .map(found -> found.group())
                .filter(Predicate.not(known::contains))
                .distinct()
                .toList();
    }
}
