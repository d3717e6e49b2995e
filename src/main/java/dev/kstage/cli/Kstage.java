package dev.kstage.cli;

import dev.kstage.cli.deadletter.DeadLetterCommand;
import dev.kstage.cli.env.EnvCommand;
import dev.kstage.cli.option.Converters;
import dev.kstage.cli.profile.ProfileCommand;
import dev.kstage.cli.stage.ConsumeCommand;
import dev.kstage.cli.stage.ProduceCommand;
import dev.kstage.cli.stage.SmokeCommand;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.topic.TopicCommand;
import dev.kstage.cli.verify.VerifyCommand;
import dev.kstage.env.ParentProcessWatch;
import dev.kstage.env.StageProcess;
import dev.kstage.env.TemporaryDirectory;
import dev.kstage.report.Failure;
import dev.kstage.report.Failure.Kind;
import dev.kstage.sink.console.BrokenPipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The root command: its subcommands, and the one place where a failure becomes an exit code. */
@Command(
        name = "kstage",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Both stages of a Kafka pipeline: produce events, consume and store them, and verify that every"
                    + " event is stored exactly once, even if a stage was killed."
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration,",
            "            3 a check failed, 130/143 interrupted,",
            "            4 temporary (cluster unreachable, timed out).",
            "",
            "Start here:",
            "  kstage smoke                       both stages on a temporary Kafka",
            "  kstage env up                      start a local Kafka",
            "  kstage produce --count 100000      stage 1: send events to topic user_events",
            "  kstage consume --to out.jsonl      stage 2: topic to file, each event once",
            "  kstage verify out.jsonl ...        check that it has each event once",
            "  kstage dead-letter list out.jsonl  records that could not be stored, and why",
            "  kstage topic describe user_events  the topic and its consumer groups"
        })
public final class Kstage implements Callable<Integer> {
    // The usual width of a terminal; finding the real width would start programs.
    private static final int HELP_WIDTH = 80;

    // In the order of the help.
    private static final List<Class<?>> COMMANDS = List.of(
            ProduceCommand.class,
            ConsumeCommand.class,
            DeadLetterCommand.class,
            TopicCommand.class,
            VerifyCommand.class,
            SmokeCommand.class,
            EnvCommand.class,
            ProfileCommand.class,
            WarmUpCommand.class,
            HelpCommand.class);

    private final CommandContext context;

    public Kstage(CommandContext context) {
        this.context = context;
    }

    /** Call this first; see {@link TemporaryDirectory}. */
    public static void useOwnTemporaryDirectory() {
        TemporaryDirectory.use();
    }

    /** Makes this process end with its parent, if the parent asked for it. */
    public static void endWithParent() {
        if (Boolean.getBoolean(StageProcess.UNTIL_INPUT_ENDS)) {
            ParentProcessWatch.haltWhenInputEnds();
        }
    }

    /** Runs a command line and returns its exit code; never throws. */
    public static int run(CommandContext context, String... args) {
        int code;
        try {
            code = context.interruption()
                    .exitCode(commandLine(context, needed(args)).execute(args));
        } catch (Throwable e) {
            // Also for errors: a fault of this program or its machine is never shown as a stack trace only.
            return failed(context.screen(), e);
        }
        IOException broken = context.screen().finish();
        return broken == null || code != ExitCode.DONE ? code : outputBroken(context, broken);
    }

    /** Only the named command, if the others are not needed: creating all of them takes time. */
    private static List<Class<?>> needed(String... args) {
        if (args.length == 1 && (args[0].equals("-V") || args[0].equals("--version"))) {
            return List.of();
        }
        return COMMANDS.stream()
                .filter(each -> args.length > 0
                        && !each.equals(HelpCommand.class)
                        && each.getAnnotation(Command.class).name().equals(args[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    /** All needed commands with their options, ready to run. */
    static CommandLine commandLine(CommandContext context) {
        return commandLine(context, COMMANDS);
    }

    private static CommandLine commandLine(CommandContext context, List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(Kstage.class, new Factory(context));
        commands.forEach(commandLine::addSubcommand);
        Converters.register(commandLine, context.base());
        commandLine.setExpandAtFiles(false);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setUsageHelpWidth(HELP_WIDTH);
        commandLine.setOut(new PrintWriter(new PrintLines(context.screen()::print), true));
        commandLine.setErr(new PrintWriter(new PrintLines(context.screen()::printBeside), true));
        Failures failures = new Failures(context);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionExceptionHandler(failures);
        return commandLine;
    }

    private static int outputBroken(CommandContext context, IOException broken) {
        String reason = String.valueOf(broken.getMessage());
        if (reason.contains("Broken pipe")) {
            return ExitCode.DONE;
        }
        return failed(
                context.screen(),
                new Failure(
                        Kind.FAILED,
                        "cannot write to standard output",
                        reason,
                        "free some space where standard output goes, then run the same command again",
                        broken));
    }

    /** Reports what ended a thread of this process, and returns the exit code of the process. */
    public static int failed(Screen screen, Throwable e) {
        if (e instanceof BrokenPipe) {
            return ExitCode.DONE;
        }
        Failure failure = UnexpectedFailure.of(e);
        screen.fail(failure);
        screen.finish();
        return ExitCode.of(failure.kind());
    }

    @Override
    public Integer call() {
        commandLine(context).getUsageMessage().lines().forEach(context.screen()::printBeside);
        return ExitCode.USAGE;
    }

    /** Maps exceptions to exit codes. (A class, not lambdas: see {@link Converters#register}.) */
    private record Failures(CommandContext context) implements IParameterExceptionHandler, IExecutionExceptionHandler {
        @Override
        public int handleParseException(ParameterException e, String[] arguments) {
            return failed(context.screen(), UsageFailure.of(e, arguments));
        }

        @Override
        public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
            return failed(context.screen(), e);
        }
    }

    /** Creates commands and passes the command context to those that need it. */
    private record Factory(CommandContext context) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1
                        && constructor.getParameterTypes()[0] == CommandContext.class) {
                    constructor.setAccessible(true);
                    return type.cast(constructor.newInstance(context));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
