package dev.kstage.wrong.kafka.client;

/** One of two classes that need each other. */
final class Left {
    static final Class<?> OTHER = Right.class;

    private Left() {}
}
