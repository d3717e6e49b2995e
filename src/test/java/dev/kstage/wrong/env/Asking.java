package dev.kstage.wrong.env;

/** Asks a cluster by itself: an environment may use of the client no more than its clock. */
final class Asking {
    static final Class<?> CLIENT = org.apache.kafka.clients.admin.Admin.class;
    static final Class<?> CLOCK = org.apache.kafka.common.utils.Time.class;

    private Asking() {}
}
