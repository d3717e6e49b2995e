package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.record.Record;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.stage.DeadLetters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letter list}: lists the dead-letter records of a destination. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists the dead-letter records of a destination, and how many there are for each reason.", ""},
        footer = {
            "",
            "Examples:",
            "  kstage dead-letter list out.jsonl",
            "  kstage dead-letter list kafka:clean -o json | jq .reasons"
        })
final class DeadLetterListCommand implements Callable<Integer> {
    @Mixin
    DestinationParameter destination = new DestinationParameter();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most N records; the totals count all (default: ${DEFAULT-VALUE}).")
    int limit = 100;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    DeadLetterListCommand(CommandContext context) {
        this.context = context;
    }

    /**
     * A record in the list.
     *
     * @param time of the record, in UTC; null if it has none
     * @param size of key and value, in bytes
     */
    record Item(
            String topic,
            int partition,
            long offset,
            @Nullable String time,
            String reason,
            long size) {
        static Item of(DeadLetters.Kept kept) {
            Record record = kept.deadLetter().record();
            return new Item(
                    kept.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp() == Record.UNSET
                            ? null
                            : Instant.ofEpochMilli(record.timestamp()).toString(),
                    kept.deadLetter().reason(),
                    record.size());
        }
    }

    /** The report; its components are the JSON keys. */
    record Listing(String place, long total, long bytes, Map<String, Long> reasons, List<Item> letters) {
        List<String> lines() {
            Table table = new Table("topic", ">partition", ">offset", "time", ">size", "reason");
            letters.forEach(each -> table.row(
                    each.topic(),
                    each.partition(),
                    each.offset(),
                    each.time() == null ? "-" : each.time(),
                    Text.bytes(each.size()),
                    each.reason()));
            List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
            if (letters.size() < total) {
                lines.add("  and " + Text.count(total - letters.size()) + " more");
            }
            Table totals = new Table(">records", "reason");
            reasons.forEach((reason, number) -> totals.row(Text.count(number), reason));
            if (!totals.isEmpty()) {
                lines.add("");
                lines.addAll(totals.lines("  "));
            }
            lines.add(Text.plural(total, "dead-letter record") + " in " + Text.harmless(place) + ", "
                    + Text.bytes(bytes));
            return lines;
        }
    }

    @Override
    public Integer call() {
        output.apply(context);
        Listing listing = list(destination.open(new DestinationReaders(context, connection, database.access())));
        output.report(context, listing, listing::lines);
        return ExitCode.DONE;
    }

    private Listing list(DeadLetters letters) {
        List<Item> first = new ArrayList<>();
        Map<String, Long> reasons = new TreeMap<>();
        long[] bytes = {0};
        letters.forEach(each -> {
            reasons.merge(each.deadLetter().reason(), 1L, Long::sum);
            bytes[0] += each.deadLetter().record().size();
            if (first.size() < limit) {
                first.add(Item.of(each));
            }
        });
        long total = reasons.values().stream().mapToLong(Long::longValue).sum();
        return new Listing(letters.place(), total, bytes[0], reasons, first);
    }
}
