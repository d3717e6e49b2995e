package dev.kstage.installed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * README.md and the pages that it leads to, as a reader takes them: the commands of each section, and what each is shown
 * to print.
 */
public final class Readme {
    private static final Pattern COMMAND =
            Pattern.compile("(?:\\$ )?((?:scripts/|kstage |export |docker ).*)|\\s+- (?:run: )?(scripts/kstage .*)");

    private Readme() {}

    /**
     * A command.
     *
     * @param text as a shell takes it, comments and all
     * @param shown the lines that stand below it, one that was broken for its length in one again
     */
    public record Command(String text, List<String> shown) {}

    /**
     * What stands below a heading, before the next.
     *
     * @param page the file that it is in
     */
    public record Section(String page, String title, List<Command> commands) {}

    /** The sections of all pages that have commands. */
    public static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks()) {
                if (block instanceof Page.Heading heading) {
                    sections.add(new Section(page.toString(), heading.title(), new ArrayList<>()));
                } else if (block instanceof Page.Code code) {
                    add(code.lines(), sections.get(sections.size() - 1).commands());
                }
            }
        }
        sections.removeIf(section -> section.commands().isEmpty());
        return sections;
    }

    private static void add(List<String> lines, List<Command> commands) {
        boolean isBroken = false;
        boolean isOutput = false;
        for (String line : lines) {
            Matcher command = COMMAND.matcher(line);
            if (isBroken) {
                Command first = commands.remove(commands.size() - 1);
                commands.add(new Command(first.text() + "\n" + line, first.shown()));
                isBroken = line.endsWith("\\");
            } else if (command.matches()) {
                String text = command.group(1) == null ? command.group(2) : command.group(1);
                commands.add(new Command(text, new ArrayList<>()));
                isBroken = line.endsWith("\\");
                isOutput = line.startsWith("$ ");
            } else if (isOutput && !line.isBlank()) {
                show(line, commands.get(commands.size() - 1).shown());
            }
        }
    }

    private static void show(String line, List<String> shown) {
        boolean goesOn = line.startsWith("       ")
                && !shown.isEmpty()
                && shown.get(shown.size() - 1).matches("  (why|try):.*");
        shown.add(goesOn ? shown.remove(shown.size() - 1) + " " + line.strip() : line);
    }

    /** The section of a title. */
    public static Section section(String title) {
        return sections().stream()
                .filter(section -> section.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    /** Fails if a command has printed another thing than it is shown to. Of the messages not each is shown. */
    public static void requireShown(Command command, Installation kstage, Outcome outcome) {
        if (command.shown().isEmpty()) {
            return;
        }
        Predicate<String> isMessage = line -> line.matches("(kstage|  why|  try): .*");
        List<String> results =
                essence(command.shown().stream().filter(isMessage.negate()).toList());
        List<String> messages =
                essence(command.shown().stream().filter(isMessage).toList());
        assertThat(essence(linesOf(outcome.stdout(), kstage)))
                .as(outcome.toString())
                .isEqualTo(results);
        assertThat(essence(linesOf(outcome.stderr(), kstage)))
                .as(outcome.toString())
                .filteredOn(messages::contains)
                .isEqualTo(messages);
    }

    private static List<String> linesOf(String printed, Installation kstage) {
        return printed.replace(kstage.home() + "/state", "~/.local/state")
                .lines()
                .toList();
    }

    /**
     * What does not change from one run or machine to the next: without figures, times, generated names and the
     * width of columns, and with one name for all local addresses.
     */
    private static List<String> essence(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("^\\{\"event_id\":.*}$", "EVENT")
                        .replaceAll("\\bid [\\w-]{22}$", "id ID")
                        .replaceAll("\\bkstage-(smoke|out|local)-[0-9a-f]{6,8}", "kstage-$1-ID")
                        .replaceAll("\\busing docker compose \\S+", "using docker compose VERSION")
                        .replace("127.0.0.1", "localhost")
                        .replaceAll("; this seems to run (in|out)side .*", "; WHERE THIS IS")
                        .replaceAll("\\d[\\d,]*(\\.\\d+)?", "N")
                        .replaceAll("\\bN (ms|s|min)( N s)?\\b", "TIME")
                        .replaceAll("\\bN (B|KiB|MiB)\\b", "SIZE")
                        .replaceAll("\\bN ((?:broker |second )?(?:kill|pause|run|round))s?\\b", "N $1")
                        .replaceAll("\\s+", " ")
                        .strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
