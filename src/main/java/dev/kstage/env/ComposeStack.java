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
 * Which containers belong together.
 *
 * @param project the name by which compose tells them from others
 * @param variant which Kafka it is
 * @param with what stands beside it
 */
public record ComposeStack(String project, Variant variant, SortedSet<Extra> with) {
    /** The Kafka's name among the services, in every variant. */
    public static final String KAFKA = "kafka";

    /** Which Kafka, and which file has it. */
    public enum Variant {
        /** Today's, without ZooKeeper. */
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

    /** What can stand beside Kafka: a file and a service of its name, and a port on this machine. */
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

        /** The one whose service has this name, if there is one. */
        public static Optional<Extra> named(String service) {
            return Arrays.stream(values())
                    .filter(extra -> extra.toString().equals(service))
                    .findFirst();
        }

        /** The environment variable that its file takes the port from. */
        String portVariable() {
            return "KSTAGE_" + name() + "_PORT";
        }

        /** Its port on this machine, as its file chooses it. */
        String port(Map<String, String> environment) {
            String set = environment.getOrDefault(portVariable(), "");
            return set.isEmpty() ? String.valueOf(port) : set;
        }

        /** Where it is found from this machine. */
        public String address(Map<String, String> environment) {
            return String.format(Locale.ROOT, address, port(environment));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One for an environment, told from those of the same name that other directories have. */
    static ComposeStack of(EnvironmentDirectory directory, Variant variant, SortedSet<Extra> with) {
        CRC32 place = new CRC32();
        place.update(directory.root().toString().getBytes(StandardCharsets.UTF_8));
        String project = String.format(
                Locale.ROOT, "kstage-%s-%08x", directory.name().toLowerCase(Locale.ROOT), place.getValue());
        return new ComposeStack(project, variant, with);
    }

    /** The same Kafka with these beside it. */
    ComposeStack with(SortedSet<Extra> others) {
        return new ComposeStack(project, variant, others);
    }

    /** The same Kafka with all that there can be beside it. */
    ComposeStack withEverything() {
        return with(new TreeSet<>(List.of(Extra.values())));
    }

    /** The names of its files. */
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

    /** Where each thing beside Kafka is found from this machine, by its name. */
    public Map<String, String> addresses(Map<String, String> environment) {
        Map<String, String> addresses = new LinkedHashMap<>();
        with.forEach(extra -> addresses.put(extra.toString(), extra.address(environment)));
        return addresses;
    }

    /** The network that its containers share, as compose names it. */
    public String network() {
        return project + "_default";
    }
}
