package dev.kstage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule holds for kstage, and fails for the fixture that breaks it. */
class ArchitectureTest {
    private static final JavaClasses KSTAGE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kstage");
    private static final JavaClasses WRONG = new ClassFileImporter().importPackages("dev.kstage.wrong");

    /** A rule, what it is called, and a part of what it says of the fixture. */
    private static Arguments rule(String name, Function<Architecture, ArchRule> rule, String... faults) {
        return Arguments.of(name, rule, faults);
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                rule("imports of report", rules -> rules.importsOf("report"), "wrong.sink.Store"),
                rule("imports of the root", Architecture::importsOfTheRoot, "wrong.Entry", "wrong.report.Words"),
                rule("imports of cli.terminal", rules -> rules.importsOf("cli.terminal"), "wrong.cli.option.Flags"),
                rule("imports of cli.topic", rules -> rules.importsOf("cli.topic"), "wrong.cli.stage.Stages"),
                rule("no other package", Architecture::noOtherPackage, "wrong.util.Drawer"),
                rule("no cycle", Architecture::noCycle, "Cycle detected", "wrong.report", "wrong.cli.option"),
                rule(
                        "no cycle of classes in kafka",
                        rules -> rules.noCycleOfClassesIn("kafka"),
                        "Cycle detected",
                        "wrong.kafka.client.Left",
                        "wrong.kafka.client.Right"),
                rule("picocli only in cli", Architecture::picocliOnlyInCli, "<picocli.CommandLine>"),
                rule("JLine only in cli", Architecture::jlineOnlyInCli, "<org.jline.terminal.Terminal>"),
                rule("databases only in sink", Architecture::databasesOnlyInSink, "<java.sql.Connection>"),
                rule(
                        "Kafka client only in kafka",
                        Architecture::kafkaClientOnlyInKafka,
                        "<org.apache.kafka.clients.admin.Admin>",
                        "<org.apache.kafka.common.TopicPartition>"),
                rule(
                        "the client's clock alone in env",
                        Architecture::noMoreOfTheKafkaClientInEnvThanItsClock,
                        "wrong.env.Asking",
                        "<org.apache.kafka.clients.admin.Admin>"),
                rule("broker only in env", Architecture::brokerOnlyInEnv, "<kafka.server.KafkaConfig>"),
                rule("processes only in env", Architecture::processesOnlyInEnv, "<java.lang.ProcessBuilder>"),
                rule("no empty package names", Architecture::noPackageThatSaysNothing, "wrong.util.Drawer"),
                rule("no empty class names", Architecture::noClassThatSaysNothing, "wrong.source.LineManager"),
                rule("no standard streams", Architecture::noStandardStreams, "wrong.report.Words"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holds_in_kstage(String name, Function<Architecture, ArchRule> rule, String[] faults) {
        ArchRule ofKstage = rule.apply(new Architecture("dev.kstage"));

        assertThat(ofKstage.evaluate(KSTAGE).getFailureReport().getDetails()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void can_fail(String name, Function<Architecture, ArchRule> rule, String[] faults) {
        ArchRule ofFixture = rule.apply(new Architecture("dev.kstage.wrong"));

        assertThat(ofFixture.evaluate(WRONG).getFailureReport().toString()).contains(faults);
    }

    static Stream<String> packages() {
        return Architecture.packages();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void imports_what_the_table_allows(String name) {
        ArchRule imports = new Architecture("dev.kstage").importsOf(name);

        assertThat(imports.evaluate(KSTAGE).getFailureReport().getDetails()).isEmpty();
    }

    @Test
    void has_no_package_of_more_than_15_classes() {
        Architecture kstage = new Architecture("dev.kstage");

        // These are still to be divided.
        assertThat(kstage.noPackageOver(15, "cli.stage", "env")
                        .evaluate(KSTAGE)
                        .getFailureReport()
                        .getDetails())
                .isEmpty();
        assertThat(kstage.noPackageOver(15).evaluate(KSTAGE).getFailureReport().toString())
                .contains("dev.kstage.cli.stage has ", "dev.kstage.env has ");
    }

    @Test
    void lets_env_use_the_clock_of_the_client() {
        ArchRule rule = new Architecture("dev.kstage.wrong").noMoreOfTheKafkaClientInEnvThanItsClock();

        assertThat(rule.evaluate(WRONG).getFailureReport().getDetails())
                .singleElement()
                .asString()
                .contains("kafka.clients.admin.Admin");
    }

    @Test
    void does_not_take_a_package_without_a_class_for_a_good_one() {
        ArchRule rule = new Architecture("dev.kstage").importsOf("nothing");

        assertThatThrownBy(() -> rule.evaluate(KSTAGE)).isInstanceOf(AssertionError.class);
    }
}
