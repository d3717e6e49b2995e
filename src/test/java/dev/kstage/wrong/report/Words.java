package dev.kstage.wrong.report;

/** Breaks the table, and makes a cycle: a report knows no sink. */
public final class Words {
    static final Class<?> SINK = dev.kstage.wrong.sink.Store.class;

    private Words() {}

    /** Writes where only the process may. */
    @SuppressWarnings("SystemOut")
    static void print() {
        System.out.println(sinkName());
    }

    private static String sinkName() {
        return SINK.getName();
    }
}
