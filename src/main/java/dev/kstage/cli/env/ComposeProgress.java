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
    private final CommandContext context;
    private final StageProgress progress;
    private String last = "";

    ComposeProgress(CommandContext context, StageProgress progress) {
        this.context = context;
        this.progress = progress;
    }

    @Override
    public void uses(String tool) {
        context.screen().note("using " + tool);
    }

    @Override
    public void looked(ComposeStack stack, List<ServiceState> states) {
        String now = stack.services().stream()
                .map(service -> service + " (" + description(service, states) + ")")
                .collect(Collectors.joining(", "));
        if (!now.equals(last)) {
            last = now;
            progress.waitingFor(now);
            if (!context.screen().isAnimated()) {
                context.screen().note(now);
            }
        }
    }

    private static String description(String service, List<ServiceState> states) {
        return states.stream()
                .filter(state -> state.service().equals(service))
                .map(ServiceState::description)
                .findFirst()
                .orElse("no container yet");
    }

    @Override
    public void waitsFor(String what) {
        progress.waitingFor(what);
    }

    @Override
    public void log(String whose, List<String> lines) {
        context.screen().printBeside(Text.harmless(whose) + (lines.isEmpty() ? " wrote nothing" : ", last lines:"));
        lines.forEach(line -> context.screen().printBeside("  | " + Text.harmless(line)));
    }

    @Override
    public boolean isInterrupted() {
        return context.interruption().getAsBoolean();
    }
}
