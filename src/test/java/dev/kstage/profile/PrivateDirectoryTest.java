package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @TempDir
    Path home;

    private Path state() {
        return home.resolve("of/all/kstage");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void makes_each_directory_from_the_state_on_for_its_user_alone() throws IOException {
        PrivateDirectory.create(state(), state().resolve("env/local"));

        assertThat(mode(state())).isEqualTo("rwx------");
        assertThat(mode(state().resolve("env"))).isEqualTo("rwx------");
        assertThat(mode(state().resolve("env/local"))).isEqualTo("rwx------");
    }

    @Test
    void closes_to_others_what_is_there_and_leaves_alone_what_is_above() throws IOException {
        Path env = Files.createDirectories(state().resolve("env"));
        Path above = state().resolve("..").normalize();
        for (Path each : new Path[] {above, state(), env}) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }

        PrivateDirectory.create(state(), env);

        assertThat(mode(above)).isEqualTo("rwxrwxrwx");
        assertThat(mode(state())).isEqualTo("rwx------");
        assertThat(mode(env)).isEqualTo("rwx------");
    }

    @Test
    void rejects_a_link_and_touches_nothing_behind_it() throws IOException {
        Path victim = Files.createDirectories(home.resolve("victim"));
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(state());
        Files.createSymbolicLink(state().resolve("env"), victim);

        assertThat(FailureText.by(home, () -> create(state().resolve("env/local"))))
                .isEqualTo("""
                        USAGE: cannot use DIR/of/all/kstage/env for the state of kstage
                        it is a symbolic link, which could point to files of other users
                        remove it, or set XDG_STATE_HOME to a directory that your user owns
                        """);
        assertThat(victim).isEmptyDirectory();
        assertThat(mode(victim)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void rejects_a_file() throws IOException {
        Files.createDirectories(home.resolve("of/all"));
        Files.writeString(state(), "");

        assertThat(FailureText.by(home, () -> create(state()))).contains("it is not a directory");
    }

    @Test
    void rejects_another_users() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a directory away");
        Files.createDirectories(state());
        Files.setAttribute(state(), "unix:uid", 65_534);

        assertThat(FailureText.by(home, () -> create(state())))
                .contains("cannot use DIR/of/all/kstage for the state of kstage", "it belongs to user ");
        assertThat(FailureText.by(home, () -> CurrentProfile.read(new XdgDirectories(home, state(), home))))
                .contains("it belongs to user ");
    }

    @Test
    void replaces_a_link_by_a_new_file() throws IOException {
        Path victim = Files.writeString(home.resolve("victim"), "precious");
        Path log = Files.createSymbolicLink(home.resolve("log"), victim);

        PrivateDirectory.newFile(log);

        assertThat(mode(log)).isEqualTo("rw-------");
        assertThat(log).isEmptyFile();
        assertThat(victim).hasContent("precious");
    }

    private void create(Path directory) {
        try {
            PrivateDirectory.create(state(), directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
