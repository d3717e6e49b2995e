package dev.kstage.installed;

import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One PostgreSQL for all test classes that ask for {@link PostgresServer}, as {@link SharedKafka} is one
 * Kafka. Tests keep apart by using databases of their own, and leave the server running. Where PostgreSQL
 * is not installed, classes and tests that ask for it are skipped.
 */
public final class SharedPostgres implements ParameterResolver, ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Stream<? extends Executable> asking = context.getTestMethod().isPresent()
                ? context.getTestMethod().stream()
                : Arrays.stream(context.getRequiredTestClass().getDeclaredConstructors());
        boolean asks =
                asking.anyMatch(each -> Arrays.asList(each.getParameterTypes()).contains(PostgresServer.class));
        return asks && !PostgresServer.isInstalled()
                ? ConditionEvaluationResult.disabled(PostgresServer.NOT_INSTALLED)
                : ConditionEvaluationResult.enabled("it is not asked for, or installed");
    }

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
