package dev.kstage.kafka.client;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kafka's rules for the name of a topic, checked before any request. */
public final class TopicName {
    private static final int LONGEST = 249;
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9._-]");
    private static final Pattern COLLIDES = Pattern.compile("collides with existing topics?: (.*)");
    // Written by the brokers alone.
    private static final Set<String> INTERNAL =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata");

    private TopicName() {}

    /**
     * For a topic that is to be written, created or deleted.
     *
     * @param what what was tried, as in "cannot ..."
     * @throws Failure if it can't be the name of a topic, or is that of an internal one
     */
    public static void requireWritable(String what, String name) {
        requireValid(what, name);
        if (INTERNAL.contains(name)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    what,
                    "topic " + name + " is internal: only Kafka itself writes it",
                    "name a topic of your own");
        }
    }

    private static void requireValid(String what, String name) {
        Matcher other = OTHER.matcher(name);
        if (name.isEmpty()) {
            throw invalid(what, "the name of a topic is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            throw invalid(what, "a topic can't have the name " + name);
        }
        if (name.length() > LONGEST) {
            throw invalid(what, "the name of the topic has " + name.length() + " characters");
        }
        if (other.find()) {
            String first = new String(Character.toChars(name.codePointAt(other.start())));
            throw invalid(what, "the name of a topic can't have the character \"" + Text.harmless(first) + "\"");
        }
    }

    private static Failure invalid(String what, String why) {
        return new Failure(Failure.Kind.USAGE, what, why, rule());
    }

    private static String rule() {
        return "use letters, digits, dots, - and _, at most " + LONGEST + " of them";
    }

    /** What a broker refused. */
    static Failure refused(String what, String reason, Throwable cause) {
        Matcher collides = COLLIDES.matcher(reason);
        return collides.find()
                ? new Failure(
                        Failure.Kind.USAGE,
                        what,
                        "it collides with topic " + collides.group(1) + ": metrics take . and _ for the same",
                        "choose a name that differs in other characters too",
                        cause)
                : new Failure(Failure.Kind.USAGE, what, "the broker says: " + reason, rule(), cause);
    }
}
