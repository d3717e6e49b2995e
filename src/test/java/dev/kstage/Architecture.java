package dev.kstage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules of the architecture, for the packages below a root.
 *
 * @param root a package; the rules say nothing about classes outside of it
 */
record Architecture(String root) {
    private static final Map<String, List<String>> MAY_IMPORT = new LinkedHashMap<>();
    private static final Map<String, List<String>> CLI_MAY_IMPORT = new LinkedHashMap<>();

    static {
        MAY_IMPORT.put("report", List.of());
        MAY_IMPORT.put("profile", List.of("report"));
        MAY_IMPORT.put("stage", List.of("report"));
        MAY_IMPORT.put("source", List.of("stage", "report"));
        MAY_IMPORT.put("transform", List.of("stage", "report"));
        MAY_IMPORT.put("sink", List.of("stage", "report"));
        MAY_IMPORT.put("kafka", List.of("stage", "profile", "report"));
        MAY_IMPORT.put("env", List.of("profile", "report"));
        MAY_IMPORT.put("verify", List.of("source", "stage", "kafka", "sink", "profile", "report"));
        MAY_IMPORT.put(
                "cli", List.of("report", "profile", "stage", "source", "transform", "sink", "kafka", "env", "verify"));

        CLI_MAY_IMPORT.put("terminal", List.of());
        CLI_MAY_IMPORT.put("option", List.of("terminal"));
        for (String commands : List.of("stage", "topic", "env", "profile", "verify", "deadletter")) {
            CLI_MAY_IMPORT.put(commands, List.of("option", "terminal"));
        }
    }

    /** The packages that the table has. */
    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream();
    }

    /** The packages below {@code cli}. */
    static Stream<String> cliPackages() {
        return CLI_MAY_IMPORT.keySet().stream();
    }

    ArchRule importsOf(String name) {
        return imports(root, name, MAY_IMPORT.getOrDefault(name, List.of()));
    }

    ArchRule cliImportsOf(String name) {
        return imports(root + ".cli", name, CLI_MAY_IMPORT.getOrDefault(name, List.of()));
    }

    /** Within {@code base}, a package imports itself and the allowed ones; what is outside is another rule's. */
    private static ArchRule imports(String base, String name, List<String> allowed) {
        String[] inside = Stream.concat(Stream.of(name), allowed.stream())
                .map(part -> base + "." + part + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(base + "." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(inside).or(resideOutsideOfPackage(base + "..")));
    }

    ArchRule importsOfTheRoot() {
        return classes()
                .that()
                .resideInAPackage(root)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(root, root + ".cli..", root + ".profile..")
                        .or(resideOutsideOfPackage(root + "..")));
    }

    ArchRule noOtherPackage() {
        String[] known = Stream.concat(
                        Stream.of(root, root + ".cli"),
                        Stream.concat(
                                packages().filter(name -> !name.equals("cli")).map(name -> root + "." + name),
                                cliPackages().map(name -> root + ".cli." + name)))
                .toArray(String[]::new);
        return classes().that().resideInAPackage(root + "..").should().resideInAnyPackage(known);
    }

    ArchRule noCycle() {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    ArchRule noCycleWithinCli() {
        return slices().matching(root + ".cli.(*)..").should().beFreeOfCycles();
    }

    ArchRule picocliOnlyInCli() {
        return fence("cli", "picocli..");
    }

    ArchRule jlineOnlyInCli() {
        return fence("cli", "org.jline..");
    }

    ArchRule databasesOnlyInSink() {
        return fence("sink", "java.sql..", "javax.sql..");
    }

    ArchRule kafkaClientOnlyInKafka() {
        return noClasses()
                .that(resideOutsideOfPackage(root + ".kafka..").and(resideOutsideOfPackage(root + ".env..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.clients..", "org.apache.kafka.common..");
    }

    ArchRule noMoreOfTheKafkaClientInEnvThanItsClock() {
        return noClasses()
                .that(resideInAPackage(root + ".env.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.clients..", "org.apache.kafka.common..")
                        .and(isNot("org.apache.kafka.common.utils.Time")));
    }

    ArchRule brokerOnlyInEnv() {
        return noClasses()
                .that(resideOutsideOfPackage(root + ".env.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("kafka..", "org.apache.kafka..")
                        .and(resideOutsideOfPackage("org.apache.kafka.clients.."))
                        .and(resideOutsideOfPackage("org.apache.kafka.common..")));
    }

    ArchRule processesOnlyInEnv() {
        return noClasses()
                .that(resideOutsideOfPackage(root + ".env.."))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class);
    }

    ArchRule noPackageThatSaysNothing() {
        return noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..internal..", "..core..");
    }

    ArchRule noClassThatSaysNothing() {
        return noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)(\\$.*)?");
    }

    ArchRule noStandardStreams() {
        return GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
    }

    private ArchRule fence(String inside, String... libraries) {
        return noClasses()
                .that(resideOutsideOfPackage(root + "." + inside + ".."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static DescribedPredicate<JavaClass> isNot(String name) {
        return DescribedPredicate.describe(
                "not " + name, type -> !type.getName().equals(name));
    }
}
