package dev.kstage.wrong;

/** Does more than to start the command line. */
final class Entry {
    static final Class<?> WORDS = dev.kstage.wrong.report.Words.class;

    private Entry() {}
}
