package dev.kstage.kafka;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** The configuration of topics and brokers, as far as this user may know it. */
final class Configuration {
    /** The client itself ends a request at its limit; this is for one that it forgets. */
    static final long LONGEST_MINUTES = 5;

    private Configuration() {}

    /** A setting that is a number from 0; empty where it has none, or this user may not know it. */
    static OptionalInt number(Admin admin, ConfigResource.Type type, String name, String setting)
            throws InterruptedException {
        String value = text(admin, type, name, setting);
        return value.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }

    /** A setting; empty where there is none, or this user may not know it. */
    static String text(Admin admin, ConfigResource.Type type, String name, String setting) throws InterruptedException {
        try {
            ConfigEntry entry = admin.describeConfigs(List.of(new ConfigResource(type, name)))
                    .all()
                    .get(LONGEST_MINUTES, TimeUnit.MINUTES)
                    .values()
                    .iterator()
                    .next()
                    .get(setting);
            return entry == null || entry.value() == null ? "" : entry.value();
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
    }
}
