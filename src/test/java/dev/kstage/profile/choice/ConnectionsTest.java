package dev.kstage.profile.choice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.Profile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every place that can say where to connect, each one in front of those after it. */
class ConnectionsTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private Path project = Path.of("");
    private Path flagFile = Path.of("");
    private XdgDirectories directories = new XdgDirectories(Path.of(""), Path.of(""), Path.of(""));

    @BeforeEach
    void places() throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
        flagFile = directory.resolve("flag.yaml");
        directories =
                new XdgDirectories(directory.resolve("config"), directory.resolve("state"), directory.resolve("cache"));
    }

    private static Path write(Path file, String profile, boolean isDefault) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.setPosixFilePermissions(file.toAbsolutePath().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                file,
                (isDefault ? "default: " + profile + "\n" : "") + "profiles:\n  " + profile
                        + ":\n    bootstrap.servers: " + profile + ":9092\n    client.id: me\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private void userFile() throws IOException {
        write(directories.profileFile(), "user", true);
    }

    private void projectFile() throws IOException {
        trusted(write(project.resolve("kstage.yaml"), "project", true));
    }

    private void trusted(Path file) {
        new TrustedFiles(directories).trust(file);
    }

    private void currentProfile() throws IOException {
        Path file = write(directories.environments().resolve("e1/profile.yaml"), "current", true);
        new CurrentProfile("current", file.toString(), "env up").write(directories);
    }

    private void fileVariable() throws IOException {
        environment.put(
                "KSTAGE_PROFILE_FILE",
                write(directory.resolve("variable.yaml"), "infile", true).toString());
    }

    private static ConnectionChoice choice(
            @Nullable String bootstrap, @Nullable String profile, @Nullable Path profileFile) {
        return new ConnectionChoice(bootstrap, profile, profileFile, Map.of());
    }

    private static ConnectionChoice nothing() {
        return choice(null, null, null);
    }

    private Connection connection(ConnectionChoice choice) {
        return new Connections(environment, project, directories, warnings::add).choose(choice);
    }

    private String chosen(ConnectionChoice choice) {
        Connection connection = connection(choice);
        return (connection.profile().bootstrapServers() + " because of " + connection.why())
                .replace(directory.toString(), "DIR");
    }

    private String messages(ConnectionChoice choice) {
        return FailureText.by(directory, () -> connection(choice));
    }

    @Test
    void says_where_it_looked_when_nothing_is_given() {
        assertThat(messages(nothing())).isEqualTo("""
                        USAGE: no cluster is configured
                        none is named by -b and -p, KSTAGE_BOOTSTRAP_SERVER and KSTAGE_PROFILE, the current profile, ./kstage.yaml or DIR/config/kstage.yaml
                        use -b HOST:PORT, or start a local Kafka with `kstage env up`
                        """);
    }

    @Test
    void takes_the_default_of_the_users_file() throws IOException {
        userFile();

        assertThat(chosen(nothing())).isEqualTo("user:9092 because of the default of DIR/config/kstage.yaml");
    }

    @Test
    void takes_the_project_before_the_user() throws IOException {
        userFile();
        projectFile();

        assertThat(chosen(nothing())).isEqualTo("project:9092 because of the default of ./kstage.yaml");
    }

    @Test
    void takes_the_user_when_the_project_has_no_default() throws IOException {
        userFile();
        write(project.resolve("kstage.yaml"), "project", false);

        assertThat(chosen(nothing())).isEqualTo("user:9092 because of the default of DIR/config/kstage.yaml");
    }

    @Test
    void takes_the_current_profile_before_the_project() throws IOException {
        projectFile();
        currentProfile();

        assertThat(chosen(nothing())).isEqualTo("current:9092 because of the current profile, set by `kstage env up`");
    }

    @Test
    void takes_the_file_of_the_variable_before_the_current_profile() throws IOException {
        currentProfile();
        fileVariable();

        assertThat(chosen(nothing())).isEqualTo("infile:9092 because of KSTAGE_PROFILE_FILE");
    }

    @Test
    void takes_the_server_of_the_variable_before_the_file_of_the_variable() throws IOException {
        fileVariable();
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");

        assertThat(chosen(nothing())).isEqualTo("var:1 because of KSTAGE_BOOTSTRAP_SERVER");
    }

    @Test
    void takes_the_profile_of_the_variable_before_the_current_profile() throws IOException {
        currentProfile();
        userFile();
        environment.put("KSTAGE_PROFILE", "user");

        assertThat(chosen(nothing()))
                .isEqualTo("user:9092 because of KSTAGE_PROFILE user, from DIR/config/kstage.yaml");
    }

    @Test
    void takes_the_server_of_the_variable_with_the_profile_of_the_variable() throws IOException {
        userFile();
        environment.put("KSTAGE_PROFILE", "user");
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");

        Connection connection = connection(nothing());

        assertThat(connection.profile().properties()).hasToString("{bootstrap.servers=var:1, client.id=me}");
        assertThat(connection.why())
                .endsWith("KSTAGE_BOOTSTRAP_SERVER with KSTAGE_PROFILE user, from " + directories.profileFile());
    }

    @Test
    void looks_for_the_profile_of_the_variable_in_the_file_of_the_variable() throws IOException {
        fileVariable();
        userFile();
        environment.put("KSTAGE_PROFILE", "user");

        assertThat(messages(nothing())).isEqualTo("""
                        USAGE: there is no profile "user"
                        DIR/variable.yaml does not contain it
                        use one of these: infile
                        """);
    }

    @Test
    void takes_the_file_of_the_flag_before_every_variable() throws IOException {
        fileVariable();
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");
        write(flagFile, "flag", false);

        assertThat(chosen(choice(null, null, flagFile))).isEqualTo("flag:9092 because of --profile-file");
    }

    @Test
    void takes_the_profile_of_the_flag_before_every_variable() throws IOException {
        userFile();
        projectFile();
        environment.put("KSTAGE_PROFILE", "project");
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");

        assertThat(chosen(choice(null, "user", null)))
                .isEqualTo("user:9092 because of -p user, from DIR/config/kstage.yaml");
    }

    @Test
    void takes_the_server_of_the_flag_before_everything() throws IOException {
        currentProfile();
        userFile();
        environment.put("KSTAGE_PROFILE", "user");
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");

        Connection connection = connection(choice("flag:1", null, null));

        assertThat(connection).isEqualTo(connection("flag:1"));
    }

    /** Nothing but a server, because of {@code -b}. */
    private static Connection connection(String server) {
        return new Connection(new Profile(server, new TreeMap<>(Map.of("bootstrap.servers", server))), "-b");
    }

    @Test
    void takes_the_server_of_the_flag_with_the_profile_of_the_flag() throws IOException {
        userFile();

        Connection connection = connection(choice("flag:1", "user", null));

        assertThat(connection.profile().properties()).hasToString("{bootstrap.servers=flag:1, client.id=me}");
        assertThat(connection.why()).isEqualTo("-b with -p user, from " + directories.profileFile());
    }

    @Test
    void takes_the_server_of_the_flag_with_the_only_profile_of_the_file_of_the_flag() throws IOException {
        write(flagFile, "flag", false);

        assertThat(connection(choice("flag:1", null, flagFile)).profile().properties())
                .hasToString("{bootstrap.servers=flag:1, client.id=me}");
    }

    @Test
    void lets_properties_of_the_flag_win_over_all_others() throws IOException {
        userFile();
        ConnectionChoice choice = new ConnectionChoice(
                "flag:1", "user", null, Map.of("client.id", "x", "bootstrap.servers", "override:1"));

        assertThat(connection(choice).profile().properties())
                .hasToString("{bootstrap.servers=override:1, client.id=x}");
    }

    @Test
    void names_the_property_that_says_where_to_connect() throws IOException {
        userFile();
        Map<String, String> server = Map.of("bootstrap.servers", "override:1");

        assertThat(chosen(new ConnectionChoice(null, null, null, server)))
                .isEqualTo("override:1 because of -X bootstrap.servers");
        assertThat(chosen(new ConnectionChoice("flag:1", "user", null, server)))
                .isEqualTo("override:1 because of -X bootstrap.servers with -p user, from DIR/config/kstage.yaml");
    }

    @Test
    void refuses_an_empty_server_and_a_property_without_a_name() {
        assertThat(messages(choice("", null, null))).startsWith("USAGE: --bootstrap-server is empty\n");
        assertThat(messages(new ConnectionChoice(null, null, null, Map.of("bootstrap.servers", " "))))
                .startsWith("USAGE: -X bootstrap.servers is empty\n");
        assertThat(messages(new ConnectionChoice("x:1", null, null, Map.of("", "1"))))
                .startsWith("USAGE: cannot use an -X option\n");
    }

    /** Whoever could write there while a directory of state was open to others. */
    @Test
    void takes_no_profile_of_an_environment_that_others_can_write() throws IOException {
        currentProfile();
        Path directory = directories.environments().resolve("e1");
        for (Path open : List.of(directory, directory.resolve("profile.yaml"))) {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(open);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

            assertThat(messages(nothing()))
                    .startsWith("USAGE: cannot use the current profile \"current\"\n")
                    .contains("its group or other users can write to it or to its directory");
            assertThat(messages(choice(null, "current", null))).startsWith("USAGE: ");
            assertThat(warnings)
                    .last()
                    .asString()
                    .contains("e1/profile.yaml: its group or other users can write to it");
            Files.setPosixFilePermissions(open, before);
        }
        assertThat(chosen(nothing())).startsWith("current:9092 ");
    }

    @Test
    void finds_a_name_though_another_file_is_broken() throws IOException {
        currentProfile();
        userFile();
        Files.writeString(project.resolve("kstage.yaml"), "profiles: [");

        assertThat(chosen(choice(null, "current", null)))
                .isEqualTo("current:9092 because of -p current, from DIR/state/env/e1/profile.yaml");
        Files.writeString(directories.profileFile(), "profiles: [");
        assertThat(chosen(choice(null, "current", null)))
                .isEqualTo("current:9092 because of -p current, from DIR/state/env/e1/profile.yaml");
        assertThat(warnings).singleElement().asString().startsWith("cannot use the profile file ");
    }

    @Test
    void does_not_continue_to_another_cluster_when_the_file_of_the_default_is_broken() throws IOException {
        userFile();
        projectFile();
        Files.writeString(project.resolve("kstage.yaml"), "profiles: [");

        assertThat(messages(nothing())).startsWith("USAGE: cannot use the default profile of ./kstage.yaml\nline 1: ");
    }

    @Test
    void calls_a_directory_no_profile_file() {
        assertThat(messages(choice(null, null, project))).contains("it is a directory");
    }

    @Test
    void ignores_variables_that_are_blank() throws IOException {
        userFile();
        environment.put("KSTAGE_PROFILE", "");
        environment.put("KSTAGE_BOOTSTRAP_SERVER", " ");
        environment.put("KSTAGE_PROFILE_FILE", "");

        assertThat(chosen(nothing())).isEqualTo("user:9092 because of the default of DIR/config/kstage.yaml");
    }

    @Test
    void finds_a_named_profile_of_an_environment() throws IOException {
        currentProfile();

        assertThat(chosen(choice(null, "current", null)))
                .isEqualTo("current:9092 because of -p current, from DIR/state/env/e1/profile.yaml");
    }

    @Test
    void tells_which_profiles_there_are() throws IOException {
        userFile();
        projectFile();

        assertThat(messages(choice(null, "prod", null))).isEqualTo("""
                        USAGE: there is no profile "prod"
                        neither DIR/config/kstage.yaml, ./kstage.yaml nor an environment contains it, and AIRFLOW_CONN_PROD is not set
                        use one of these: user, project
                        """);
    }

    @Test
    void tells_that_there_are_no_profiles_at_all() {
        assertThat(messages(choice(null, "prod", null))).isEqualTo("""
                        USAGE: there is no profile "prod"
                        neither DIR/config/kstage.yaml, ./kstage.yaml nor an environment contains it, and AIRFLOW_CONN_PROD is not set
                        write a profile, or start a local Kafka with `kstage env up`
                        """);
    }

    @Test
    void does_not_choose_among_several_profiles_of_a_file() throws IOException {
        Files.writeString(flagFile, "profiles:\n  a: {bootstrap.servers: a:1}\n  b: {bootstrap.servers: b:1}\n");

        assertThat(messages(choice(null, null, flagFile))).isEqualTo("""
                        USAGE: DIR/flag.yaml has no default profile
                        it has no `default:`, and its profiles are a, b
                        name a profile with -p NAME; in kstage's own format, or add `default: NAME`
                        """);
    }

    @Test
    void tells_that_a_profile_has_no_servers() throws IOException {
        Files.writeString(flagFile, "profiles: {a: {client.id: x}}\n");

        assertThat(messages(choice(null, null, flagFile))).isEqualTo("""
                        USAGE: profile "a" names no cluster
                        it has no bootstrap.servers
                        add bootstrap.servers to the profile, or use -b HOST:PORT
                        """);
    }

    @Test
    void fills_in_placeholders_of_the_chosen_profile_alone() throws IOException {
        Files.writeString(
                flagFile,
                "default: a\nprofiles:\n  a: {bootstrap.servers: \"${env:SERVER}\"}\n  b: {x: \"${env:NONE}\"}\n");
        environment.put("SERVER", "filled:1");

        assertThat(chosen(choice(null, null, flagFile))).isEqualTo("filled:1 because of --profile-file");
    }

    @Test
    void finds_a_connection_of_airflow_in_the_environment() throws IOException {
        userFile();
        environment.put("AIRFLOW_CONN_KAFKA_DEFAULT", "kafka:///?bootstrap.servers=kafka%3A9092");
        environment.put("airflow_conn_small", "kafka:///?bootstrap.servers=small%3A9092");

        assertThat(chosen(choice(null, "kafka_default", null)))
                .isEqualTo("kafka:9092 because of -p kafka_default, from AIRFLOW_CONN_KAFKA_DEFAULT");
        assertThat(chosen(choice(null, "small", null)))
                .isEqualTo("small:9092 because of -p small, from airflow_conn_small");
        environment.put("KSTAGE_PROFILE", "Kafka_Default");
        assertThat(chosen(nothing()))
                .isEqualTo("kafka:9092 because of KSTAGE_PROFILE Kafka_Default, from AIRFLOW_CONN_KAFKA_DEFAULT");
    }

    @Test
    void takes_a_profile_of_ones_own_before_a_connection_of_airflow() throws IOException {
        userFile();
        environment.put("AIRFLOW_CONN_USER", "kafka://other:1");

        assertThat(chosen(choice(null, "user", null)))
                .isEqualTo("user:9092 because of -p user, from DIR/config/kstage.yaml");
    }

    @Test
    void uses_a_connection_of_airflow_only_by_its_name() {
        environment.put("AIRFLOW_CONN_KAFKA_DEFAULT", "kafka://other:1");

        assertThat(messages(nothing())).startsWith("USAGE: no cluster is configured");
    }

    @Test
    void tells_why_a_connection_of_airflow_cannot_be_used() {
        environment.put("AIRFLOW_CONN_PG", "postgres://u:canary@h/db");

        assertThat(messages(choice(null, "pg", null))).isEqualTo("""
                        USAGE: cannot use connection "pg"
                        its conn_type is postgres, not kafka
                        name another connection, or correct it: `airflow connections get pg` shows it
                        """);
    }

    @Test
    void finds_the_profiles_of_kcat_and_rpk_by_name() throws IOException {
        Files.writeString(directory.resolve("kcat.conf"), "bootstrap.servers=kcat:1\n");
        Files.createDirectories(directory.resolve("rpk"));
        Files.writeString(
                directory.resolve("rpk/rpk.yaml"), "profiles: [{name: red, kafka_api: {brokers: ['red:1']}}]");

        assertThat(chosen(choice(null, "kcat", null))).isEqualTo("kcat:1 because of -p kcat, from DIR/kcat.conf");
        assertThat(chosen(choice(null, "red", null))).isEqualTo("red:1 because of -p red, from DIR/rpk/rpk.yaml");
        environment.put(
                "KCAT_CONFIG",
                Files.writeString(directory.resolve("mine.conf"), "bootstrap.servers=m:1")
                        .toString());
        assertThat(chosen(choice(null, "mine", null))).isEqualTo("m:1 because of -p mine, from DIR/mine.conf");
    }

    @Test
    void lists_every_profile_with_its_location() throws IOException {
        userFile();
        environment.put("AIRFLOW_CONN_KAFKA_DEFAULT", "kafka:///?metadata.broker.list=kafka%3A9092");
        environment.put("AIRFLOW_CONN_PG", "postgres://u:canary@h/db");
        Files.writeString(directory.resolve("kcat.conf"), "bootstrap.servers=kcat:1\n");

        assertThat(new Connections(environment, project, directories, warnings::add).profiles())
                .extracting(each -> each.name() + " " + each.bootstrapServers() + " "
                        + each.location().replace(directory.toString(), "DIR"))
                .containsExactly(
                        "user user:9092 DIR/config/kstage.yaml",
                        "kafka_default kafka:9092 AIRFLOW_CONN_KAFKA_DEFAULT",
                        "kcat kcat:1 DIR/kcat.conf");
    }

    @Test
    void takes_no_placeholder_in_the_files_of_others() throws IOException {
        Path file = directory.resolve("kcat.conf");
        Files.writeString(file, "bootstrap.servers=kcat:1\nclient.id=${env:HOME}\n");

        assertThat(connection(choice(null, null, file)).profile().properties())
                .containsEntry("client.id", "${env:HOME}");
    }

    @Test
    void fills_in_a_password_before_it_is_quoted() throws IOException {
        Files.writeString(flagFile, """
                profiles:
                  a:
                    bootstrap.servers: x:1
                    security.protocol: sasl_ssl
                    sasl.mechanism: PLAIN
                    sasl.username: me
                    sasl.password: ${env:SECRET}
                """);
        environment.put("SECRET", "a\"b");

        assertThat(connection(choice(null, null, flagFile)).profile().properties())
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\""
                                + " password=\"a\\\"b\";");
        assertThat(warnings).isEmpty();
    }

    @Test
    void warns_of_secrets_that_every_user_can_read() throws IOException {
        Files.writeString(flagFile, "profiles: {a: {bootstrap.servers: 'x:1', ssl.key.password: canary}}\n");
        Files.setPosixFilePermissions(flagFile, PosixFilePermissions.fromString("rw-r--r--"));
        connection(choice(null, null, flagFile));

        assertThat(warnings)
                .containsExactly(flagFile
                        + " contains secrets, and every user of this machine can read it; run: chmod 600 " + flagFile);

        warnings.clear();
        Files.setPosixFilePermissions(flagFile, PosixFilePermissions.fromString("rw-r-----"));
        connection(choice(null, null, flagFile));

        assertThat(warnings).isEmpty();
    }

    @Test
    void calls_a_default_not_explicit() throws IOException {
        currentProfile();
        userFile();

        assertThat(new Connections(environment, project, directories, warnings::add).isExplicit(nothing()))
                .isFalse();
    }

    @Test
    void calls_a_flag_or_a_variable_explicit() throws IOException {
        Connections none = new Connections(Map.of(), project, directories, warnings::add);
        fileVariable();
        Connections variable = new Connections(environment, project, directories, warnings::add);

        assertThat(none.isExplicit(choice("x:1", null, null))).isTrue();
        assertThat(none.isExplicit(new ConnectionChoice(null, null, null, Map.of("bootstrap.servers", "x:1"))))
                .isTrue();
        assertThat(none.isExplicit(choice(null, "p", null))).isTrue();
        assertThat(none.isExplicit(choice(null, null, flagFile))).isTrue();
        assertThat(variable.isExplicit(nothing())).isTrue();
    }
}
