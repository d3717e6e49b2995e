package dev.kstage.wrong.kafka.client;

/** One of two classes that need each other. */
final class Right {
    static final Class<?> OTHER = Left.class;

    private Right() {}
}
