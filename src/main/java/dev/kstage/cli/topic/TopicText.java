package dev.kstage.cli.topic;

import dev.kstage.kafka.admin.TopicReport;
import dev.kstage.kafka.admin.TopicReport.GroupPartition;
import dev.kstage.kafka.admin.TopicReport.GroupReport;
import dev.kstage.kafka.admin.TopicReport.PartitionReport;
import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text form of a description of a topic. */
final class TopicText {
    private static final String NONE = "-";

    private final TopicReport report;
    private final List<String> lines = new ArrayList<>();

    TopicText(TopicReport report) {
        this.report = report;
    }

    List<String> lines() {
        lines.add("topic " + Text.harmless(report.topic()) + "  id " + report.topicId());
        lines.add("");
        addPartitions();
        addTroubles();
        if (!report.config().isEmpty()) {
            lines.add("");
            Table table = new Table("config", "value");
            report.config().forEach(table::row);
            lines.addAll(table.lines("  "));
        }
        lines.add("");
        addGroups();
        report.notes().forEach(note -> lines.add("  note: " + Text.harmless(note)));
        lines.add(Text.harmless(report.topic()) + ": "
                + Text.plural(report.partitions().size(), "partition") + ", "
                + records(report.records()) + " " + (report.records() == 1 ? "record" : "records") + ", "
                + size(report.sizeBytes()) + " on disk, "
                + Text.plural(report.groups().size(), "consumer group"));
        return lines;
    }

    private void addPartitions() {
        Table table =
                new Table(">partition", ">leader", "replicas", "isr", ">start", ">end", ">records", ">on disk", "");
        for (PartitionReport partition : report.partitions()) {
            table.row(
                    partition.partition(),
                    partition.leader() == null ? "none" : partition.leader(),
                    ids(partition.replicas()),
                    ids(partition.isr()),
                    count(partition.startOffset()),
                    count(partition.endOffset()),
                    records(partition.records()),
                    size(partition.sizeBytes()),
                    partition.leader() == null ? "OFFLINE" : partition.isUnderReplicated() ? "UNDER-REPLICATED" : "");
        }
        table.row("total", "", "", "", "", "", records(report.records()), size(report.sizeBytes()), "");
        lines.addAll(table.lines("  "));
    }

    private void addTroubles() {
        long offline = report.partitions().stream()
                .filter(each -> each.leader() == null)
                .count();
        long under = report.partitions().stream()
                .filter(PartitionReport::isUnderReplicated)
                .count();
        if (offline > 0) {
            lines.add("  "
                    + AnsiStyle.BAD.on(
                            Text.plural(offline, "partition") + " offline: can be neither read nor written"));
        }
        if (under > 0) {
            lines.add("  " + AnsiStyle.ODD.on(Text.plural(under, "partition") + " under-replicated"));
        }
    }

    private void addGroups() {
        if (report.groups().isEmpty()) {
            lines.add("  no consumer group has read it");
            lines.add("");
            return;
        }
        Table table = new Table("group", "state", ">members", ">partition", ">committed", ">lag", "member");
        for (GroupReport group : report.groups()) {
            for (GroupPartition partition : group.partitions()) {
                boolean first = partition.equals(group.partitions().get(0));
                table.row(
                        first ? group.group() : "",
                        first ? group.state() : "",
                        first ? group.members() : "",
                        partition.partition(),
                        count(partition.committedOffset()),
                        count(partition.lag()),
                        partition.member() == null ? "" : partition.member());
            }
            table.row("", "", "", "total", "", count(group.lag()), "");
        }
        lines.addAll(table.lines("  "));
        lines.add("");
    }

    private static String ids(List<Integer> ids) {
        return ids.isEmpty() ? NONE : ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static String count(@Nullable Long number) {
        return number == null ? NONE : Text.count(number);
    }

    private String records(long number) {
        return (report.approximate() ? "~" : "") + Text.count(number);
    }

    private static String size(@Nullable Long bytes) {
        return bytes == null ? NONE : Text.bytes(bytes);
    }
}
