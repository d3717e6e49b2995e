package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private Directories directories = new Directories(Path.of(""), Path.of(""), Path.of(""));

    @BeforeEach
    void places() throws IOException {
        project = Files.createDirectory(directory.resolve("project"));
        flagFile = directory.resolve("flag.yaml");
        directories =
                new Directories(directory.resolve("config"), directory.resolve("state"), directory.resolve("cache"));
    }

    private static Path write(Path file, String profile, boolean isDefault) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(
                file,
                (isDefault ? "default: " + profile + "\n" : "") + "profiles:\n  " + profile
                        + ":\n    bootstrap.servers: " + profile + ":9092\n    client.id: me\n");
    }

    private void userFile() throws IOException {
        write(directories.profileFile(), "user", true);
    }

    private void projectFile() throws IOException {
        write(project.resolve("kstage.yaml"), "project", true);
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

    private String told(ConnectionChoice choice) {
        return Told.by(directory, () -> connection(choice));
    }

    @Test
    void tells_where_it_looked_when_nothing_is_given() {
        assertThat(told(nothing())).isEqualTo("""
                        USAGE: no cluster is given
                        looked at -b and -p, KSTAGE_BOOTSTRAP_SERVER and KSTAGE_PROFILE, the current profile, ./kstage.yaml and DIR/config/kstage.yaml
                        give -b HOST:PORT, or start a local Kafka with `kstage env up`
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

        assertThat(chosen(nothing())).isEqualTo("user:9092 because of KSTAGE_PROFILE");
    }

    @Test
    void takes_the_server_of_the_variable_with_the_profile_of_the_variable() throws IOException {
        userFile();
        environment.put("KSTAGE_PROFILE", "user");
        environment.put("KSTAGE_BOOTSTRAP_SERVER", "var:1");

        Connection connection = connection(nothing());

        assertThat(connection.profile().properties()).hasToString("{bootstrap.servers=var:1, client.id=me}");
        assertThat(connection.why()).isEqualTo("KSTAGE_BOOTSTRAP_SERVER with KSTAGE_PROFILE");
    }

    @Test
    void looks_for_the_profile_of_the_variable_in_the_file_of_the_variable() throws IOException {
        fileVariable();
        userFile();
        environment.put("KSTAGE_PROFILE", "user");

        assertThat(told(nothing())).isEqualTo("""
                        USAGE: there is no profile "user"
                        DIR/variable.yaml does not have it
                        use one of: infile
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

        assertThat(chosen(choice(null, "user", null))).isEqualTo("user:9092 because of -p user");
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
        return new Connection(new Profile(server, new java.util.TreeMap<>(Map.of("bootstrap.servers", server))), "-b");
    }

    @Test
    void takes_the_server_of_the_flag_with_the_profile_of_the_flag() throws IOException {
        userFile();

        Connection connection = connection(choice("flag:1", "user", null));

        assertThat(connection.profile().properties()).hasToString("{bootstrap.servers=flag:1, client.id=me}");
        assertThat(connection.why()).isEqualTo("-b with -p user");
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
                .isEqualTo("override:1 because of -X bootstrap.servers with -p user");
    }

    @Test
    void refuses_an_empty_server_and_a_property_without_a_name() {
        assertThat(told(choice("", null, null))).startsWith("USAGE: --bootstrap-server is empty\n");
        assertThat(told(new ConnectionChoice(null, null, null, Map.of("bootstrap.servers", " "))))
                .startsWith("USAGE: -X bootstrap.servers is empty\n");
        assertThat(told(new ConnectionChoice("x:1", null, null, Map.of("", "1"))))
                .startsWith("USAGE: cannot use -X =1\n");
    }

    @Test
    void finds_a_name_though_another_file_is_broken() throws IOException {
        currentProfile();
        userFile();
        Files.writeString(project.resolve("kstage.yaml"), "profiles: [");

        assertThat(chosen(choice(null, "current", null))).isEqualTo("current:9092 because of -p current");
        assertThat(warnings).singleElement().asString().startsWith("cannot use the profile file ");
    }

    @Test
    void does_not_go_on_to_another_cluster_when_the_file_of_the_default_is_broken() throws IOException {
        userFile();
        Files.writeString(project.resolve("kstage.yaml"), "profiles: [");

        assertThat(told(nothing())).startsWith("USAGE: cannot use the profile file DIR/project/kstage.yaml");
    }

    @Test
    void calls_a_directory_no_profile_file() {
        assertThat(told(choice(null, null, project))).contains("it is a directory");
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

        assertThat(chosen(choice(null, "current", null))).isEqualTo("current:9092 because of -p current");
    }

    @Test
    void tells_which_profiles_there_are() throws IOException {
        userFile();
        projectFile();

        assertThat(told(choice(null, "prod", null))).isEqualTo("""
                        USAGE: there is no profile "prod"
                        neither ./kstage.yaml, DIR/config/kstage.yaml nor an environment has it
                        use one of: project, user
                        """);
    }

    @Test
    void tells_that_there_are_no_profiles_at_all() {
        assertThat(told(choice(null, "prod", null))).isEqualTo("""
                        USAGE: there is no profile "prod"
                        neither ./kstage.yaml, DIR/config/kstage.yaml nor an environment has it
                        write one, or start a local Kafka with `kstage env up`
                        """);
    }

    @Test
    void does_not_choose_among_several_profiles_of_a_file() throws IOException {
        Files.writeString(flagFile, "profiles:\n  a: {bootstrap.servers: a:1}\n  b: {bootstrap.servers: b:1}\n");

        assertThat(told(choice(null, null, flagFile))).isEqualTo("""
                        USAGE: DIR/flag.yaml does not say which profile to use
                        it has no `default:` and the profiles a, b
                        name one with -p NAME, or add `default: NAME` to the file
                        """);
    }

    @Test
    void tells_that_a_profile_has_no_servers() throws IOException {
        Files.writeString(flagFile, "profiles: {a: {client.id: x}}\n");

        assertThat(told(choice(null, null, flagFile))).isEqualTo("""
                        USAGE: profile "a" does not say where the cluster is
                        it has no bootstrap.servers
                        add bootstrap.servers to it, or give -b HOST:PORT
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
