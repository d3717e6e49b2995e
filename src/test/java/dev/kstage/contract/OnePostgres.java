package dev.kstage.contract;

import dev.kstage.installed.PostgresServer;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL for all tests of this package, started by the first that asks: where there is none, only those are skipped. */
final class OnePostgres {
    private static @Nullable PostgresServer server;

    private OnePostgres() {}

    static synchronized PostgresServer server() {
        PostgresServer running = server;
        if (running == null) {
            running = PostgresServer.start();
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            server = running;
        }
        return running;
    }
}
