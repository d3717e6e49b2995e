package dev.kstage.wrong.stage;

/** Uses libraries that are fenced in elsewhere. */
final class Options {
    static final Class<?> PICOCLI = picocli.CommandLine.class;
    static final Class<?> JLINE = org.jline.terminal.Terminal.class;
    static final Class<?> DATABASE = java.sql.Connection.class;
    static final Class<?> CLIENT = org.apache.kafka.clients.admin.Admin.class;
    static final Class<?> COMMON = org.apache.kafka.common.TopicPartition.class;
    static final Class<?> BROKER = kafka.server.KafkaConfig.class;
    static final Class<?> PROCESS = ProcessBuilder.class;

    private Options() {}
}
