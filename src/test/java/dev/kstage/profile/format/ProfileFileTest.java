package dev.kstage.profile.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.kstage.profile.Pipe;
import dev.kstage.profile.SmallFile;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileFileTest {
    @TempDir
    Path directory;

    private ProfileFile read(String yaml) throws IOException {
        return ProfileFile.read(Files.writeString(directory.resolve("kstage.yaml"), yaml));
    }

    private static Map<String, SortedMap<String, String>> properties(ProfileFile file) {
        Map<String, SortedMap<String, String>> properties = new LinkedHashMap<>();
        file.profiles().forEach((name, written) -> properties.put(name, written.properties()));
        return properties;
    }

    private String messages(String yaml) {
        return FailureText.by(directory, () -> read(yaml));
    }

    private static String refusal(String why, String remedy) {
        return "USAGE: cannot use the profile file DIR/kstage.yaml\n" + why + "\n" + remedy + "\n";
    }

    @Test
    void reads_profiles_and_their_default() throws IOException {
        ProfileFile file = read("""
                default: prod
                profiles:
                  local:
                    bootstrap.servers: localhost:29092
                  prod:
                    bootstrap.servers: kafka:9092
                    session.timeout.ms: 10000
                    enable.idempotence: true
                """);

        assertThat(file.defaultName()).isEqualTo("prod");
        assertThat(properties(file))
                .hasToString("{local={bootstrap.servers=localhost:29092}, prod={bootstrap.servers=kafka:9092,"
                        + " enable.idempotence=true, session.timeout.ms=10000}}");
    }

    @Test
    void joins_nested_maps_by_dots_and_lists_by_commas() throws IOException {
        ProfileFile file = read("""
                profiles:
                  local:
                    bootstrap:
                      servers: [a:1, b:2]
                    ssl:
                      truststore:
                        location: /t
                      endpoint.identification.algorithm: ""
                """);

        assertThat(properties(file))
                .hasToString("{local={bootstrap.servers=a:1,b:2, ssl.endpoint.identification.algorithm=,"
                        + " ssl.truststore.location=/t}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "profiles:\n", "default:\n"})
    void may_be_empty(String yaml) throws IOException {
        assertThat(read(yaml).profiles()).isEmpty();
    }

    @Test
    void takes_a_profile_without_a_property() throws IOException {
        assertThat(properties(read("profiles:\n  empty: {}\n"))).hasToString("{empty={}}");
    }

    @Test
    void names_the_line_of_broken_yaml() {
        assertThat(messages("profiles:\n  a:\n    b: [1, 2\n  c: 3\n"))
                .startsWith("USAGE: cannot use the profile file DIR/kstage.yaml\nline 4: ")
                .endsWith("\ncorrect the file at that line\n");
    }

    @Test
    void names_the_line_of_a_tab() {
        assertThat(messages("profiles:\n\ta: 1\n")).contains("\nline 2: ");
    }

    @Test
    void refuses_a_property_that_occurs_twice() {
        assertThat(messages("profiles:\n  a:\n    x: 1\n    x: 2\n"))
                .startsWith("USAGE: cannot use the profile file DIR/kstage.yaml\nline 4: a name is used twice\n");
    }

    @Test
    void refuses_a_profile_that_occurs_twice() {
        assertThat(messages("profiles:\n  a: {x: 1}\n  a: {x: 2}\n")).contains("line 3: a name is used twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|it is neither a map (kstage's YAML, rpk.yaml, Airflow's export) nor lines key=value|write `profiles:` and a map of profiles under it",
                "text|it is neither a map (kstage's YAML, rpk.yaml, Airflow's export) nor lines key=value|write `profiles:` and a map of profiles under it",
                "profile: {}|it has \"profile\" at its top level, and is neither an Airflow export nor rpk.yaml nor lines key=value|kstage's own format has only `default:` and `profiles:` at its top level",
                "profiles: a|`profiles:` is not a map|give each profile a name, and write its properties under the name",
                "profiles: {a: 1}|profile \"a\" is not a map|write properties such as `bootstrap.servers: localhost:29092`"
                        + " under it",
                "profiles: {a: {x: }}|property \"x\" of profile \"a\" has no value|give it a value, or \"\" for an empty value",
                "profiles: {a: {x: {y: null}}}|property \"x.y\" of profile \"a\" has no value|give it a value, or \"\" for an"
                        + " empty value",
                "default: b|its default profile \"b\" does not exist|correct `default:` or add the profile"
            })
    void refuses_another_shape(String yaml, String why, String remedy) {
        assertThat(messages(yaml)).isEqualTo(refusal(why, remedy));
    }

    @Test
    void tells_that_there_is_no_such_file() {
        assertThat(FailureText.by(directory, () -> ProfileFile.read(directory.resolve("kstage.yaml"))))
                .isEqualTo(refusal("there is no such file", "check the path, or create the file"));
    }

    @Test
    void tells_that_it_cannot_be_read() {
        assertThat(FailureText.by(directory, () -> ProfileFile.read(directory)))
                .isEqualTo("USAGE: cannot use the profile file DIR\nit is a directory\nname a file in the directory\n");
    }

    @Test
    void lets_a_file_of_ones_own_name_code() throws IOException {
        assertThat(properties(read("profiles: {a: {interceptor.classes: x.Y}}")))
                .hasToString("{a={interceptor.classes=x.Y}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interceptor.classes",
                "metric.reporters",
                "config.providers",
                "config.providers.file.class",
                "security.providers",
                "ssl.engine.factory.class",
                "sasl.login.callback.handler.class",
                "sasl.kerberos.kinit.cmd",
                "sasl.jaas.config",
                "partition.assignment.strategy",
                "sasl.oauthbearer.assertion.file",
                "ssl.ca.location",
                "sasl.oauthbearer.token.endpoint.url"
            })
    void refuses_a_file_of_another_user_that_names_code(String key) throws IOException {
        Path file = ownedByAnother("profiles:\n  a:\n    bootstrap.servers: x:1\n    " + key + ": y\n");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(file)))
                .isEqualTo(
                        refusal(
                                "profile \"a\" sets \"" + key + "\", and the file belongs to another user",
                                "use a file that only you can write to for ${...} and for properties that name code, commands, files or addresses"));
    }

    @Test
    void refuses_a_file_of_another_user_that_reads_files_or_variables() throws IOException {
        Path file = ownedByAnother("profiles: {a: {bootstrap.servers: 'x:1', client.id: '${file:/etc/hostname}'}}");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(file)))
                .isEqualTo(
                        refusal(
                                "profile \"a\" sets \"client.id\" to ${...}, and the file belongs to another user",
                                "use a file that only you can write to for ${...} and for properties that name code, commands, files or addresses"));
    }

    @Test
    void takes_a_harmless_file_of_another_user() throws IOException {
        Path file = ownedByAnother("profiles: {a: {bootstrap.servers: x:1}}");

        assertThat(properties(ProfileFile.read(file))).hasToString("{a={bootstrap.servers=x:1}}");
    }

    /** On the way between a look at the path and the read of what it leads to, it must not be another file. */
    @Test
    void takes_no_pipe_for_the_file_that_replaces_it() throws Exception {
        Path own = Files.writeString(directory.resolve("own.yaml"), "profiles: {a: {bootstrap.servers: x:1}}");
        Path pipe = Pipe.at(directory.resolve("kstage.yaml"));
        if (System.getProperty("user.name").equals("root")) {
            give(pipe);
        }
        try (AutoCloseable writer = Pipe.thatIsReplaced(
                pipe, "profiles: {a: {bootstrap.servers: evil:1, interceptor.classes: x.Y}}", own)) {
            assertThat(FailureText.by(directory, () -> ProfileFile.read(pipe)))
                    .isEqualTo(refusal("it is a named pipe, a socket or a device", "name a regular file"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "profiles: {a: &x {k: 1}, b: *x}|line 1: it has an alias (*)",
                "profiles: {a: {k: &x v, l: *x}}|line 1: it has an alias (*)",
                "profiles: {a: [&x v, *x]}|line 1: it has an alias (*)",
                "profiles: {a: &x {k: 1}, b: {<<: *x}}|line 1: it has a merge key (<<)",
                "profiles: {a: {k: !!binary aGk=}}|line 1: it has a value of an unsupported type"
            })
    void rejects_special_files(String yaml, String why) {
        assertThat(messages(yaml)).contains("\n" + why + "\n");
    }

    @Test
    void refuses_a_second_document() {
        assertThat(messages("default:\n---\nprofiles: {}\n")).contains("it has a second document");
    }

    @Test
    void keeps_a_password_of_digits_as_it_is_written() throws IOException {
        assertThat(properties(read("profiles: {a: {sasl.password: 0012_3, x: 1e3, y: 1.50, z: TRUE}}")))
                .hasToString("{a={sasl.password=0012_3, x=1e3, y=1.50, z=true}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "profiles:\n  a:\n    p: \"canary found expected\n    x: [\n",
                "profiles:\n  a:\n    p: @canary\n",
                "profiles:\n  a:\n    p: !canary!x y\n",
                "profiles:\n  a:\n    p: *canary\n",
                "profiles:\n  a:\n    canary: 1\n    canary: 2\n",
                "profiles:\n  a:\n    p: canary: expected\n",
                "profiles:\n  a: {p: \"canary\\q\"}\n",
                "profiles:\n  a: {? [canary]: x}\n",
                "%TAG canary found\n---\n",
                "{\"profiles\": {\"a\": canary}}",
                "{\"profiles\": {\"a\": \"canary\" \"found\"}}",
                "{\"profiles\": {\"canary\": 1, \"canary\": 2}}"
            })
    void shows_nothing_of_a_document_that_is_broken(String document) {
        assertThat(messages(document)).contains("\nline ").doesNotContain("canary", "found expected");
    }

    @Test
    void reads_no_more_than_it_has_use_for() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(messages("profiles:\n a:\n" + numbered(60_000)))
                    .contains("it has more than 10000 names and values");
            assertThat(messages("profiles:\n a:\n" + numbered(1_001))).contains("has more than 1000 properties");
            assertThat(messages("profiles: " + "[".repeat(500_000))).contains("nested deeper than 20 levels");
            assertThat(messages("profiles: " + "{a: ".repeat(250_000))).contains("nested deeper than 20 levels");
            assertThat(messages("profiles: {a: {" + "k".repeat(1_001) + ": 1}}"))
                    .contains("more than 1000 characters");
            assertThat(messages("x".repeat(SmallFile.MOST + 1))).contains("it is larger than 1 MB");
            // What it stands for would be 9 to the power of 9 texts.
            StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
            for (int i = 1; i < 10; i++) {
                String before = "*a" + (i - 1);
                bomb.append("a").append(i).append(": &a").append(i).append(" [").append(before);
                bomb.append((", " + before).repeat(8)).append("]\n");
            }
            assertThat(messages(bomb.toString())).contains("line 2: it has an alias (*)");
        });
    }

    private static String numbered(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("  x").append(i).append(": 1\n");
        }
        return lines.toString();
    }

    /** Each repeats what some part of a reader could go over again and again. */
    @ParameterizedTest
    @CsvSource({
        "a.yaml, '', a",
        "a.yaml, '', -@",
        "a.yaml, 'profiles: {a: {sasl.jaas.config: ', ${env:",
        "a.yaml, 'profiles: {a: {sasl.jaas.config: \"', password=",
        "a.conf, sasl.jaas.config=, secret='\"\\\"'",
        "a.env, a=kafka://, x#\u2028",
        "a.properties, sasl.jaas.config=, password"
    })
    void answers_soon_whatever_a_file_repeats(String name, String begin, String unit) throws IOException {
        String repeated = unit.replace('@', ' ');
        Path file = Files.writeString(
                directory.resolve(name), begin + repeated.repeat(SmallFile.MOST / repeated.length() / 3));

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try {
                ProfileFile.read(file).profiles().forEach((profile, written) -> written.profile(profile, Map.of())
                        .secrets());
            } catch (Failure broken) {
                assertThat(broken.kind()).isEqualTo(Failure.Kind.USAGE);
            }
        });
    }

    private static void give(Path file) throws IOException {
        Files.setOwner(
                file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }

    /** Only root may give a file away: for other users these tests are reported as skipped. */
    private Path ownedByAnother(String yaml) throws IOException {
        assumeThat(System.getProperty("user.name")).as("user of the test run").isEqualTo("root");
        Path file = Files.writeString(directory.resolve("kstage.yaml"), yaml);
        give(file);
        return file;
    }
}
