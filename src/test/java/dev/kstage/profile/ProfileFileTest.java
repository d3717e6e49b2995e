package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kstage.report.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
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

    private String told(String yaml) {
        return Told.by(directory, () -> read(yaml));
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
        assertThat(told("profiles:\n  a:\n    b: [1, 2\n  c: 3\n"))
                .startsWith("USAGE: cannot use the profile file DIR/kstage.yaml\nline 4: ")
                .endsWith("\ncorrect the document at that line\n");
    }

    @Test
    void names_the_line_of_a_tab() {
        assertThat(told("profiles:\n\ta: 1\n")).contains("\nline 2: ");
    }

    @Test
    void refuses_a_property_that_stands_twice() {
        assertThat(told("profiles:\n  a:\n    x: 1\n    x: 2\n"))
                .startsWith("USAGE: cannot use the profile file DIR/kstage.yaml\nline 4: Duplicate field 'x'\n");
    }

    @Test
    void refuses_a_profile_that_stands_twice() {
        assertThat(told("profiles:\n  a: {x: 1}\n  a: {x: 2}\n")).contains("line 3: Duplicate field 'a'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|it is not a map, as kstage's YAML, rpk.yaml and what Airflow exports are, nor lines key=value|write `profiles:` with a map of profiles under it",
                "text|it is not a map, as kstage's YAML, rpk.yaml and what Airflow exports are, nor lines key=value|write `profiles:` with a map of profiles under it",
                "profile: {}|it has \"profile\" at its top, and looks neither like connections that Airflow exports nor like rpk.yaml or lines key=value|only `default:` and `profiles:` stand at the top of kstage's own",
                "profiles: a|`profiles:` is not a map|give each profile a name, and properties under it",
                "profiles: {a: 1}|profile \"a\" is not a map|write properties such as `bootstrap.servers: localhost:29092`"
                        + " under it",
                "profiles: {a: {x: }}|property \"x\" of profile \"a\" has no value|give it one, or \"\" for an empty one",
                "profiles: {a: {x: {y: null}}}|property \"x.y\" of profile \"a\" has no value|give it one, or \"\" for an"
                        + " empty one",
                "default: b|its default \"b\" is not among its profiles|correct `default:` or add the profile"
            })
    void refuses_another_shape(String yaml, String why, String remedy) {
        assertThat(told(yaml)).isEqualTo(refusal(why, remedy));
    }

    @Test
    void tells_that_there_is_no_such_file() {
        assertThat(Told.by(directory, () -> ProfileFile.read(directory.resolve("kstage.yaml"))))
                .isEqualTo(refusal("there is no such file", "check the path, or write profiles to it"));
    }

    @Test
    void tells_that_it_cannot_be_read() {
        assertThat(Told.by(directory, () -> ProfileFile.read(directory)))
                .isEqualTo("USAGE: cannot use the profile file DIR\nit is a directory\nname the file in it\n");
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

        assertThat(Told.by(directory, () -> ProfileFile.read(file)))
                .isEqualTo(
                        refusal(
                                "profile \"a\" sets \"" + key + "\", and the file belongs to another user",
                                "properties that name code, commands, files or addresses, and ${...}, count only in a file of your own"));
    }

    @Test
    void refuses_a_file_of_another_user_that_reads_files_or_variables() throws IOException {
        Path file = ownedByAnother("profiles: {a: {bootstrap.servers: 'x:1', client.id: '${file:/etc/hostname}'}}");

        assertThat(Told.by(directory, () -> ProfileFile.read(file)))
                .isEqualTo(
                        refusal(
                                "profile \"a\" sets \"client.id\", and the file belongs to another user",
                                "properties that name code, commands, files or addresses, and ${...}, count only in a file of your own"));
    }

    @Test
    void takes_a_harmless_file_of_another_user() throws IOException {
        Path file = ownedByAnother("profiles: {a: {bootstrap.servers: x:1}}");

        assertThat(properties(ProfileFile.read(file))).hasToString("{a={bootstrap.servers=x:1}}");
    }

    /** Only root may give a file away: for other users these tests are reported as skipped. */
    private Path ownedByAnother(String yaml) throws IOException {
        assumeThat(System.getProperty("user.name")).as("user of the test run").isEqualTo("root");
        Path file = Files.writeString(directory.resolve("kstage.yaml"), yaml);
        UserPrincipalLookupService users = file.getFileSystem().getUserPrincipalLookupService();
        UserPrincipal nobody = users.lookupPrincipalByName("nobody");
        Files.setOwner(file, nobody);
        return file;
    }
}
