package dev.kstage.kafka.client;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The names of the properties of Kafka's Java clients. */
final class PropertyNames {
    private PropertyNames() {}

    /** The names of the properties of admin client, producer and consumer. */
    static Set<String> known() {
        Set<String> known = new TreeSet<>(AdminClientConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        return known;
    }

    /** The known name that differs from {@code key} in at most two characters, as " (did you mean …)"; empty if none does. */
    static String suggestion(String key) {
        return known().stream()
                .filter(name ->
                        name.length() > 5 && Math.abs(name.length() - key.length()) <= 2 && distance(name, key) <= 2)
                .findFirst()
                .map(name -> " (did you mean \"" + name + "\"?)")
                .orElse("");
    }

    /** The Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
