package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.KafkaFailures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The configuration of a topic or a broker.
 *
 * @param settings values by name; empty if this user may not know them
 */
public record Configuration(Map<String, String> settings) {
    // The client itself ends a request at its own limit; this is for a request that it forgets.
    private static final long LONGEST_MINUTES = 5;

    public static Configuration of(Admin admin, ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        Map<String, String> settings = new HashMap<>();
        try {
            Config found = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(LONGEST_MINUTES, TimeUnit.MINUTES)
                    .get(resource);
            if (found != null) {
                found.entries().stream()
                        .filter(each -> each.value() != null)
                        .forEach(each -> settings.put(each.name(), each.value()));
            }
        } catch (ExecutionException | TimeoutException e) {
            return new Configuration(Map.of());
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
        return new Configuration(Map.copyOf(settings));
    }

    /** A setting; empty if there is none, or this user may not know it. */
    public String text(String setting) {
        return settings.getOrDefault(setting, "");
    }

    /** A setting that is a number from 0; empty if there is none, or this user may not know it. */
    public OptionalLong number(String setting) {
        String value = text(setting);
        return value.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
    }
}
