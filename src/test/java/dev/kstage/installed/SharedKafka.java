package dev.kstage.installed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Kafka for all test classes that ask for {@link KafkaClients}: brought up by the first, taken down
 * after the last, also when tests fail. Tests keep apart by using topics of their own.
 */
public final class SharedKafka implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaClients.class;
    }

    @Override
    public KafkaClients resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedKafka.class))
                .computeIfAbsent(Started.class, key -> Started.now(), Started.class)
                .clients();
    }

    private record Started(Installation installation, KafkaClients clients) implements AutoCloseable {
        static Started now() {
            try {
                Installation installation =
                        Installation.in(Files.createTempDirectory("kstage-it")).asProcess();
                Started started = new Started(installation, upIn(installation));
                // For a run of the tests that is itself interrupted; after an orderly end it finds nothing.
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static KafkaClients upIn(Installation installation) {
            Outcome up =
                    installation.run("env", "up", "--port", "0", "-o", "json").expect(0);
            return new KafkaClients(up.report().get("bootstrapServers").asText());
        }

        @Override
        public synchronized void close() {
            if (Files.exists(installation.home())) {
                installation.run("env", "down", "--delete");
                delete(installation.home());
            }
        }
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
