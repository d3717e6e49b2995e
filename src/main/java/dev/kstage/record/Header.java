package dev.kstage.record;

import org.jspecify.annotations.Nullable;

/** A header of a record. A null value differs from an empty one. */
public record Header(String key, @Nullable Bytes value) {}
