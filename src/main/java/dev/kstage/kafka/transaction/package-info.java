/** Transactions that store records and offsets together, and what other transactions leave behind. */
@NullMarked
package dev.kstage.kafka.transaction;

import org.jspecify.annotations.NullMarked;
