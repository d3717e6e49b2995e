package dev.kstage.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.admin.TopicReport.GroupPartition;
import dev.kstage.kafka.admin.TopicReport.GroupReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicReportTest {
    private static final GroupPartition UNREAD = new GroupPartition(0, null, null, "member");

    @Test
    void does_not_know_the_lag_of_a_group_without_offsets() {
        assertThat(GroupReport.lagOf(List.of(UNREAD, UNREAD))).isNull();
    }

    @Test
    void adds_up_the_lag_of_the_partitions_that_have_offsets() {
        GroupPartition read = new GroupPartition(1, 5L, 2L, null);

        assertThat(GroupReport.lagOf(List.of(UNREAD, read, read))).isEqualTo(4);
    }
}
