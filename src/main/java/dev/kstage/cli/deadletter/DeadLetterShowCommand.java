package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.stage.DeadLetters;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dead-letter show}: shows one dead-letter record. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Shows one dead-letter record and the reason why it could not be stored.", ""},
        footer = {"", "Example:", "  kstage dead-letter show out.jsonl 2:1234"})
final class DeadLetterShowCommand implements Callable<Integer> {
    @Mixin
    DestinationParameter destination = new DestinationParameter();

    @Parameters(
            index = "1",
            paramLabel = "PARTITION:OFFSET",
            description = "Partition and offset of the record, as `dead-letter list` shows them.",
            converter = RecordLocation.Converter.class)
    RecordLocation which = new RecordLocation(0, 0);

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    DeadLetterShowCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        DeadLetters deadLetters = destination.open(new DestinationReaders(context, connection, database.access()));
        List<DeadLetters.Kept> found = new ArrayList<>();
        deadLetters.forEach(each -> {
            if (RecordLocation.of(each.deadLetter().record()).equals(which)) {
                found.add(each);
            }
        });
        if (found.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no dead-letter record " + which + " in " + deadLetters.place(),
                    "no record has this partition and offset",
                    "`kstage dead-letter list` shows all dead-letter records");
        }
        for (DeadLetters.Kept each : found) {
            output.report(context, document(each), () -> lines(each));
            Bytes value = each.deadLetter().record().value();
            if (value != null && output.isText()) {
                Dump.lines(value, context.screen().outIsTerminal()).forEach(context.screen()::printVerbatim);
            }
        }
        return ExitCode.DONE;
    }

    /** The same JSON as in a dead-letter file. */
    private static Map<String, @Nullable Object> document(DeadLetters.Kept kept) {
        Record record = kept.deadLetter().record();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("topic", kept.topic());
        document.put("partition", record.partition());
        document.put("offset", record.offset());
        document.put("timestamp", record.timestamp());
        document.put("reason", kept.deadLetter().reason());
        put(document, "key", record.key());
        put(document, "value", record.value());
        List<Map<String, @Nullable Object>> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("key", header.key());
            put(one, "value", header.value());
            headers.add(one);
        }
        document.put("headers", headers);
        return document;
    }

    private static void put(Map<String, @Nullable Object> document, String name, @Nullable Bytes bytes) {
        String text = bytes == null ? null : Dump.textOf(bytes);
        if (bytes == null || text != null) {
            document.put(name, text);
        } else {
            document.put(name + "Base64", Base64.getEncoder().encodeToString(bytes.array()));
        }
    }

    private static List<String> lines(DeadLetters.Kept kept) {
        Record record = kept.deadLetter().record();
        DeadLetterListCommand.Item item = DeadLetterListCommand.Item.of(kept);
        List<String> lines = new ArrayList<>();
        lines.add("topic      " + Text.harmless(item.topic()));
        lines.add("partition  " + item.partition());
        lines.add("offset     " + item.offset());
        lines.add("time       " + (item.time() == null ? "-" : item.time()));
        lines.add("reason     " + Text.harmless(item.reason()));
        lines.add("key        " + inLine(record.key()));
        record.headers()
                .forEach(header ->
                        lines.add("header     " + Text.harmless(header.key()) + ": " + inLine(header.value())));
        Bytes value = record.value();
        lines.add("value      " + (value == null ? "none (a tombstone)" : Text.plural(value.length(), "byte")));
        if (value != null) {
            lines.add("");
        }
        return lines;
    }

    private static String inLine(@Nullable Bytes bytes) {
        if (bytes == null) {
            return "none";
        }
        String text = Dump.textOf(bytes);
        return text == null ? "base64 " + Base64.getEncoder().encodeToString(bytes.array()) : Text.harmless(text);
    }
}
