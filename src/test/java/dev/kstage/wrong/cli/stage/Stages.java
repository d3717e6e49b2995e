package dev.kstage.wrong.cli.stage;

/** Commands of their own. */
public final class Stages {
    private Stages() {}
}
