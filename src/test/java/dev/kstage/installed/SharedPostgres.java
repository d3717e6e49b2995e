package dev.kstage.installed;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One PostgreSQL for all test classes that ask for {@link PostgresServer}, as {@link SharedKafka} is one
 * Kafka. Tests keep apart by using databases of their own, and leave the server running.
 */
public final class SharedPostgres implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public PostgresServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedPostgres.class))
                .computeIfAbsent(PostgresServer.class, key -> started(), PostgresServer.class);
    }

    private static PostgresServer started() {
        PostgresServer server = PostgresServer.start();
        // For a run of the tests that is itself interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }
}
