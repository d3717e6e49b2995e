package dev.kstage.wrong.cli.topic;

/** Knows another group of commands. */
final class Topics {
    static final Class<?> STAGE = dev.kstage.wrong.cli.stage.Stages.class;

    private Topics() {}
}
