package dev.kstage.env;

import dev.kstage.profile.PrivateDirectory;
import dev.kstage.report.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A compose tool with the stack that it manages.
 *
 * @param files the directory with the compose files
 * @param variables variables for the files, in addition to those of this process
 */
record Compose(ComposeTool tool, ComposeStack stack, Path files, Map<String, String> variables) {
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private static final Duration LONGEST_STOP = Duration.ofMinutes(3);
    // A tool lists the containers and then inspects each one, which may have been removed meanwhile.
    private static final Pattern GONE = Pattern.compile("no such container", Pattern.CASE_INSENSITIVE);
    private static final int MOST_LOOKS = 5;

    /** This tool with all services that a stack can have, even if this one lacks them. */
    Compose withEverything() {
        return new Compose(tool, stack.withEverything(), files, variables);
    }

    /** The state of each container of the stack; containers that were never created are missing. */
    List<ServiceState> states() {
        String output = listing();
        List<ServiceState> states = tool.dialect() == ComposeTool.Dialect.FIRST
                ? ServiceState.ofTable(stack.project(), output)
                : ServiceState.ofJson(output);
        return states.stream()
                .filter(state -> stack.services().contains(state.service()))
                .toList();
    }

    private String listing() {
        String what = "read the state of the containers";
        for (int looks = 1; ; looks++) {
            CommandResult run = ran(what, LONGEST_LOOK, tool.dialect().ps());
            if (run.code() == 0
                    || looks == MOST_LOOKS
                    || !GONE.matcher(run.errors()).find()) {
                return outputOf(what, run);
            }
        }
    }

    /**
     * Starts to create and start all containers, and to fetch and build missing images. Containers that the stack no
     * longer has are removed.
     */
    Process up(Path log) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--remove-orphans"));
        if (stack.with().contains(ComposeStack.Extra.AIRFLOW)) {
            // A newer jar must be built into the image; without changes this takes a second.
            arguments.add("--build");
        }
        return builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        PrivateDirectory.newFile(log).toFile()))
                .start();
    }

    /**
     * Stops and removes all containers and their network; with {@code withVolumes} also their volumes and the built
     * image.
     */
    void down(boolean withVolumes) {
        run("stop the containers", LONGEST_STOP, withVolumes ? tool.dialect().downWithVolumes() : List.of("down"));
    }

    /** The last lines of a service's log. */
    List<String> log(String service, int lines) {
        List<String> arguments = logs(service, lines);
        return plain(run("read the log of " + service, LONGEST_LOOK, arguments).lines())
                .toList();
    }

    /** The output of the service only: without the prefix of compose, colours and terminal control sequences. */
    static Stream<String> plain(Stream<String> lines) {
        return lines.filter(line -> !line.startsWith("Attaching to "))
                .map(line -> CONTROL.matcher(line).replaceAll(""));
    }

    /** Starts a process that prints the last lines of a service's log and then all new lines. */
    Process follow(String service, int lines) throws IOException {
        List<String> arguments = logs(service, lines);
        arguments.add(1, "--follow");
        return builder(arguments).redirectErrorStream(true).start();
    }

    private List<String> logs(String service, int lines) {
        List<String> arguments = new ArrayList<>(List.of("logs", "--tail", String.valueOf(lines)));
        arguments.addAll(tool.dialect().plainLogs());
        arguments.add(service);
        return arguments;
    }

    private String run(String what, Duration limit, List<String> arguments) {
        return outputOf(what, ran(what, limit, arguments));
    }

    private static String outputOf(String what, CommandResult run) {
        if (run.code() != 0) {
            throw ComposeFault.of("cannot " + what, run.errors() + run.output());
        }
        return run.output();
    }

    private CommandResult ran(String what, Duration limit, List<String> arguments) {
        try {
            return CommandResult.of(command(arguments), files, variables, limit);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot " + what,
                    String.valueOf(e.getMessage()),
                    "check that " + tool.title() + " is still installed",
                    e);
        }
    }

    private ProcessBuilder builder(List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        ChildEnvironment.ofTool(builder.environment());
        builder.environment().putAll(variables);
        builder.directory(files.toFile());
        builder.redirectInput(new File("/dev/null"));
        return builder;
    }

    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(tool.command());
        command.addAll(List.of("-p", stack.project()));
        stack.files().forEach(file -> command.addAll(List.of("-f", file)));
        command.addAll(arguments);
        return command;
    }
}
