package dev.kstage.record;

import org.jspecify.annotations.Nullable;

/** A record's header; its value may be absent, which differs from empty. */
public record Header(String key, @Nullable Bytes value) {}
