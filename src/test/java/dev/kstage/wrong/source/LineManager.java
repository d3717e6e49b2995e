package dev.kstage.wrong.source;

/** Has a name that says nothing. */
final class LineManager {
    private LineManager() {}
}
