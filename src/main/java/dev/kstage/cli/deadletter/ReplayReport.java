package dev.kstage.cli.deadletter;

import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code dead-letter replay} did; the components are the keys of its JSON report.
 *
 * @param letters how many were chosen
 * @param targets the topics that they went to, each by a run of its own
 */
record ReplayReport(String command, String place, long letters, long durationMs, List<Target> targets) {
    /**
     * One topic.
     *
     * @param sent by this run and, if that is known, by those before it, all told
     * @param sentNow by this run alone
     * @param alreadyDone whether an earlier run had sent all of them, so that this one sent none
     */
    record Target(String topic, String runId, long letters, long sent, long sentNow, boolean alreadyDone) {}

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Target target : targets) {
            String run = " (run " + Text.harmless(target.runId()) + ")";
            lines.add(
                    target.alreadyDone()
                            ? "nothing to send: all " + Text.plural(target.letters(), "record") + " of "
                                    + Text.harmless(place) + " were already sent to " + Text.harmless(target.topic())
                                    + run
                            : "sent " + Text.plural(target.sentNow(), "record") + " of " + Text.harmless(place)
                                    + " to " + Text.harmless(target.topic())
                                    + (target.sentNow() == target.sent()
                                            ? ""
                                            : ", " + Text.count(target.sent()) + " including earlier attempts")
                                    + " of " + Text.count(target.letters()) + run);
        }
        if (targets.isEmpty()) {
            lines.add("nothing to send: no dead-letter record of " + Text.harmless(place) + " was selected");
        }
        return lines;
    }
}
