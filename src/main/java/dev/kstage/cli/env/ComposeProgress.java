package dev.kstage.cli.env;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.env.ComposeKafka;
import dev.kstage.env.ComposeStack;
import dev.kstage.env.ServiceState;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.util.List;
import java.util.stream.Collectors;

/** Shows the start of containers: one changing line on a terminal, else one line per change. */
final class ComposeProgress implements ComposeKafka.Watch {
    private final CommandContext session;
    private final StageProgress meter;
    private String last = "";

    ComposeProgress(CommandContext session, StageProgress meter) {
        this.session = session;
        this.meter = meter;
    }

    @Override
    public void uses(String tool) {
        session.screen().note("using " + tool);
    }

    @Override
    public void looked(ComposeStack stack, List<ServiceState> states) {
        String now = stack.services().stream()
                .map(service -> service + " (" + words(service, states) + ")")
                .collect(Collectors.joining(", "));
        if (!now.equals(last)) {
            last = now;
            meter.waitingFor(now);
            if (!session.screen().isAnimated()) {
                session.screen().note(now);
            }
        }
    }

    private static String words(String service, List<ServiceState> states) {
        return states.stream()
                .filter(state -> state.service().equals(service))
                .map(ServiceState::words)
                .findFirst()
                .orElse("no container yet");
    }

    @Override
    public void waitsFor(String what) {
        meter.waitingFor(what);
    }

    @Override
    public void log(String whose, List<String> lines) {
        session.screen().printBeside(Text.harmless(whose) + (lines.isEmpty() ? " wrote nothing" : ", last lines:"));
        lines.forEach(line -> session.screen().printBeside("  | " + Text.harmless(line)));
    }

    @Override
    public boolean isInterrupted() {
        return session.interruption().getAsBoolean();
    }
}
