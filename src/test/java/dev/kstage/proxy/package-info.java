/** Connections that fail between a request and its answer: proxies that read the protocol, and tests through them. */
@NullMarked
package dev.kstage.proxy;

import org.jspecify.annotations.NullMarked;
