/** What the integration tests stand on: the packed jar in processes of its own, a Kafka for all, and plain clients. */
@NullMarked
package dev.kstage.installed;

import org.jspecify.annotations.NullMarked;
