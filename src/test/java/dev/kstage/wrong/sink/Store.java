package dev.kstage.wrong.sink;

/** Half of a cycle. */
public final class Store {
    static final Class<?> WORDS = dev.kstage.wrong.report.Words.class;

    private Store() {}
}
