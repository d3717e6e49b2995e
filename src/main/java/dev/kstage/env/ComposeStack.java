package dev.kstage.env;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * The containers of one environment.
 *
 * @param project the project name, which distinguishes them from other containers
 * @param variant which Kafka
 * @param with additional services
 */
public record ComposeStack(String project, Variant variant, SortedSet<Extra> with) {
    /** The name of the Kafka service, in every variant. */
    public static final String KAFKA = "kafka";

    /** A variant of Kafka, with its compose file. */
    public enum Variant {
        /** The current Kafka, without ZooKeeper. */
        KRAFT("kafka"),
        /** Kafka 3.5 with ZooKeeper. */
        ZOOKEEPER("zookeeper");

        private final String file;

        Variant(String file) {
            this.file = file;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An additional service: its file, its name and its port on this machine. */
    public enum Extra {
        UI(8081, "http://localhost:%s"),
        AIRFLOW(8080, "http://localhost:%s"),
        POSTGRES(5432, "jdbc:postgresql://localhost:%s/kstage");

        private final int port;
        private final String address;

        Extra(int port, String address) {
            this.port = port;
            this.address = address;
        }

        /** The additional service of this name, if there is one. */
        public static Optional<Extra> named(String service) {
            return Arrays.stream(values())
                    .filter(extra -> extra.toString().equals(service))
                    .findFirst();
        }

        /** The environment variable for its port. */
        String portVariable() {
            return "KSTAGE_" + name() + "_PORT";
        }

        /** Its port on this machine, by variable or default. */
        String port(Map<String, String> environment) {
            String set = environment.getOrDefault(portVariable(), "");
            return set.isEmpty() ? String.valueOf(port) : set;
        }

        /** Its address on this machine. */
        public String address(Map<String, String> environment) {
            return String.format(Locale.ROOT, address, port(environment));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The stack of an environment; its project name differs from those of environments in other directories. */
    static ComposeStack of(EnvironmentDirectory directory, Variant variant, SortedSet<Extra> with) {
        CRC32 checksum = new CRC32();
        checksum.update(directory.root().toString().getBytes(StandardCharsets.UTF_8));
        String project = String.format(
                Locale.ROOT, "kstage-%s-%08x", directory.name().toLowerCase(Locale.ROOT), checksum.getValue());
        return new ComposeStack(project, variant, with);
    }

    /** The same Kafka with these services. */
    ComposeStack with(SortedSet<Extra> others) {
        return new ComposeStack(project, variant, others);
    }

    /** The same Kafka with all services. */
    ComposeStack withEverything() {
        return with(new TreeSet<>(List.of(Extra.values())));
    }

    /** The names of its compose files. */
    List<String> files() {
        List<String> files = new ArrayList<>(List.of(variant.file + ".yaml"));
        with.forEach(extra -> files.add(extra + ".yaml"));
        return files;
    }

    /** The names of its services. */
    public List<String> services() {
        List<String> services = new ArrayList<>();
        if (variant == Variant.ZOOKEEPER) {
            services.add("zookeeper");
        }
        services.add(KAFKA);
        with.forEach(extra -> services.add(extra.toString()));
        return services;
    }

    /** The addresses of the additional services on this machine, by name. */
    public Map<String, String> addresses(Map<String, String> environment) {
        Map<String, String> addresses = new LinkedHashMap<>();
        with.forEach(extra -> addresses.put(extra.toString(), extra.address(environment)));
        return addresses;
    }

    /** The network of its containers, as compose names it. */
    public String network() {
        return project + "_default";
    }
}
