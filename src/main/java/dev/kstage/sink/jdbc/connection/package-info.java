/** How a database is reached: its URL, credentials, TLS and time limits. */
@NullMarked
package dev.kstage.sink.jdbc.connection;

import org.jspecify.annotations.NullMarked;
