package dev.kstage.cli.deadletter;

import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * The report of {@code dead-letter replay}; its components are the JSON keys.
 *
 * @param letters the number of selected records
 * @param targets the topics, each with its own run
 */
record ReplayReport(String command, String destination, long letters, long durationMs, List<Target> targets) {
    /**
     * One topic.
     *
     * @param sent total records that were sent, by this run and, if known, by earlier ones
     * @param sentNow records that this run sent
     * @param alreadyDone whether an earlier run had sent all of them, so that this run sent none
     */
    record Target(String topic, String runId, long letters, long sent, long sentNow, boolean alreadyDone) {}

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Target target : targets) {
            String run = " (run " + Text.harmless(target.runId()) + ")";
            lines.add(
                    target.alreadyDone()
                            ? "nothing to send: all " + Text.plural(target.letters(), "record") + " of "
                                    + Text.harmless(destination) + " were already sent to "
                                    + Text.harmless(target.topic())
                                    + run
                            : "sent " + Text.plural(target.sentNow(), "record") + " of " + Text.harmless(destination)
                                    + " to " + Text.harmless(target.topic())
                                    + (target.sentNow() == target.sent()
                                            ? ""
                                            : ", " + Text.count(target.sent()) + " including earlier attempts")
                                    + " of " + Text.count(target.letters()) + run);
        }
        if (targets.isEmpty()) {
            lines.add("nothing to send: no dead-letter record of " + Text.harmless(destination) + " was selected");
        }
        return lines;
    }
}
