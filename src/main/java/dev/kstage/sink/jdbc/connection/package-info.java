/** Connections to databases: URL, credentials, TLS and timeouts. */
@NullMarked
package dev.kstage.sink.jdbc.connection;

import org.jspecify.annotations.NullMarked;
