package dev.kstage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {
    private static String messages(String name) {
        return FailureText.by(() -> TopicName.requireWritable("cannot produce", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "_a-B9", "...", "__mine", "__consumer_offsets2"})
    void takes_what_kafka_takes(String name) {
        TopicName.requireWritable("cannot produce", name);
        TopicName.requireWritable("cannot produce", "x".repeat(249));
    }

    @ParameterizedTest
    @CsvSource({
        "'', the name of a topic is empty",
        "., a topic can't have the name .",
        ".., a topic can't have the name ..",
        "a b, the name of a topic can't have the character \" \"",
        "a/b, the name of a topic can't have the character \"/\"",
        "käse, the name of a topic can't have the character \"ä\""
    })
    void says_which_rule_a_name_breaks(String name, String why) {
        assertThat(messages(name)).isEqualTo("""
                USAGE: cannot produce
                %s
                use letters, digits, dots, - and _, at most 249 of them
                """.formatted(why));
    }

    @Test
    void says_that_a_name_is_too_long() {
        assertThat(messages("x".repeat(250))).contains("\nthe name of the topic has 250 characters\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata"})
    void refuses_what_the_brokers_alone_write(String name) {
        assertThat(messages(name)).isEqualTo("""
                USAGE: cannot produce
                topic %s is internal: only Kafka itself writes it
                name a topic of your own
                """.formatted(name));
    }

    @Test
    void names_the_topic_that_a_name_collides_with() {
        String message = "Topic 'a_b' collides with existing topic: a.b";
        Failure failure = TopicName.refused("cannot create topic a_b", message, new InvalidTopicException(message));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
        assertThat(failure.why()).isEqualTo("it collides with topic a.b: metrics take . and _ for the same");
    }
}
