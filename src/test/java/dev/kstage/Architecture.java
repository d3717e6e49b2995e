package dev.kstage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
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

    static {
        allow("report");
        allow("record");
        allow("stage", "record", "report");
        allow("format", "record", "report");
        allow("transform", "stage", "record", "report");
        allow("source", "stage", "record", "report");
        allow("source.template", "source", "stage", "record", "report");
        allow("sink.disk", "record", "report");
        allow("sink.console", "sink.disk", "stage", "record", "report");
        allow("sink.file", "sink.disk", "stage", "format", "record", "report");
        allow("sink.directory", "sink.disk", "stage", "format", "record", "report");
        allow("sink.jdbc.connection", "report");
        allow("sink.jdbc.schema", "sink.jdbc.connection", "stage", "format", "record", "report");
        allow("sink.jdbc", "sink.jdbc.schema", "sink.jdbc.connection", "sink.disk", "stage", "record", "report");
        allow("sink.jdbc.read", "sink.jdbc", "sink.jdbc.schema", "sink.jdbc.connection", "stage", "record", "report");
        allow("profile", "report");
        allow("profile.format.librdkafka", "profile", "report");
        allow("profile.format", "profile.format.librdkafka", "profile", "report");
        allow("profile.choice", "profile.format", "profile", "report");
        allow("kafka.client", "profile", "record", "report");
        allow("kafka.diagnosis", "kafka.client", "report");
        allow("kafka.admin", "kafka.diagnosis", "kafka.client", "stage", "report");
        allow("kafka.producer", "kafka.admin", "kafka.diagnosis", "kafka.client", "stage", "record", "report");
        allow("kafka.reader", "kafka.admin", "kafka.diagnosis", "kafka.client", "stage", "record", "report");
        allow(
                "kafka.consumer",
                "kafka.reader",
                "kafka.admin",
                "kafka.diagnosis",
                "kafka.client",
                "stage",
                "record",
                "report");
        allow(
                "kafka.transaction",
                "kafka.producer",
                "kafka.admin",
                "kafka.diagnosis",
                "kafka.client",
                "stage",
                "record",
                "report");
        allow(
                "kafka.exactlyonce",
                "kafka.transaction",
                "kafka.consumer",
                "kafka.reader",
                "kafka.producer",
                "kafka.admin",
                "kafka.diagnosis",
                "kafka.client",
                "stage",
                "record",
                "report");
        allow("env", "profile.choice", "profile", "report");
        allow("verify.read", "sink.jdbc.read", "sink.jdbc.schema", "stage", "record", "report");
        allow(
                "verify",
                "verify.read",
                "source.template",
                "source",
                "stage",
                "kafka.reader",
                "kafka.admin",
                "kafka.client",
                "record",
                "profile",
                "report");
        allow("cli.terminal", below("cli"));
        allow("cli.option", with(below("cli"), "cli.terminal"));
        for (String commands : List.of("stage", "topic", "env", "profile", "verify", "deadletter")) {
            allow("cli." + commands, with(below("cli"), "cli.option", "cli.terminal"));
        }
        allow("cli", packages().filter(name -> !name.equals("cli")).toArray(String[]::new));
    }

    private static void allow(String name, String... imports) {
        MAY_IMPORT.put(name, List.of(imports));
    }

    /** The packages that the table has so far, but for those of {@code name}. */
    private static String[] below(String name) {
        return packages().filter(each -> !each.startsWith(name)).toArray(String[]::new);
    }

    private static String[] with(String[] names, String... more) {
        return Stream.concat(Stream.of(names), Stream.of(more)).toArray(String[]::new);
    }

    /** The packages that the table has. */
    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream();
    }

    /** A package imports itself and the allowed ones; what is outside of the root is another rule's. */
    ArchRule importsOf(String name) {
        String[] inside = Stream.concat(Stream.of(name), MAY_IMPORT.getOrDefault(name, List.of()).stream())
                .map(part -> root + "." + part)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "." + name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(inside).or(resideOutsideOfPackage(root + "..")));
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
        String[] known = Stream.concat(Stream.of(root), packages().map(name -> root + "." + name))
                .toArray(String[]::new);
        return classes().that().resideInAPackage(root + "..").should().resideInAnyPackage(known);
    }

    /** Each package is a slice of its own, whatever package it is named below. */
    ArchRule noCycle() {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    /** Each class, together with its nested ones, is a slice; for packages that are free of cycles inside, too. */
    ArchRule noCycleOfClassesIn(String name) {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith(root + "." + name)
                                ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "classes of " + name;
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    ArchRule picocliOnlyInCli() {
        return fence("cli", "picocli..");
    }

    ArchRule jlineOnlyInCli() {
        return fence("cli", "org.jline..");
    }

    ArchRule databasesOnlyInSink() {
        return fence("sink.jdbc", "java.sql..", "javax.sql..");
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

    /** Packages that are small enough to be read as a whole: nested classes are not counted. */
    ArchRule noPackageOver(int most, String... except) {
        return classes()
                .that(resideInAPackage(root + "..")
                        .and(resideOutsideOfPackages(
                                Stream.of(except).map(name -> root + "." + name).toArray(String[]::new))))
                .should(new ArchCondition<>("be one of at most " + most + " of their package") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        long number = type.getPackage().getClasses().stream()
                                .filter(each -> !each.getName().matches(".*([\\[$].*|package-info)"))
                                .count();
                        events.add(new SimpleConditionEvent(
                                type, number <= most, type.getPackageName() + " has " + number + " classes"));
                    }
                });
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
