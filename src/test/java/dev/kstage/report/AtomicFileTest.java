package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("state.json");
    }

    @Test
    void replaces_the_content_and_leaves_nothing_beside_it() throws IOException {
        AtomicFile.replace(file, bytes("one"));
        AtomicFile.replace(file, bytes("two"));

        assertThat(file).hasContent("two");
        assertThat(names()).containsExactly("state.json");
    }

    @Test
    void replaces_a_link_and_leaves_what_it_leads_to() throws IOException {
        Path elsewhere = Files.writeString(directory.resolve("precious"), "kept");
        Files.createSymbolicLink(file, elsewhere);

        AtomicFile.replace(file, bytes("new"));

        assertThat(elsewhere).hasContent("kept");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(file).hasContent("new");
    }

    @Test
    void a_private_file_is_the_users_alone() throws IOException {
        AtomicFile.replacePrivately(file, bytes("secret"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void leaves_no_file_where_it_cannot_replace_one() throws IOException {
        Files.createDirectory(file);
        Files.createFile(file.resolve("in it"));

        assertThatThrownBy(() -> AtomicFile.replace(file, bytes("x"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> AtomicFile.replace(directory.resolve("none/state.json"), bytes("x")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(names()).containsExactly("state.json");
    }

    @Test
    void removes_what_killed_processes_have_left_and_nothing_else() throws IOException {
        Files.writeString(file, "kept");
        Files.createFile(directory.resolve("state.json.0123456789abcdef.next"));
        Files.createFile(directory.resolve("state.json.short.next"));
        Files.createFile(directory.resolve("other.json.0123456789abcdef.next"));
        Files.createSymbolicLink(directory.resolve("state.json.fedcba9876543210.next"), file);

        AtomicFile.removeLeftovers(file);

        assertThat(names())
                .containsExactlyInAnyOrder(
                        "state.json",
                        "state.json.short.next",
                        "other.json.0123456789abcdef.next",
                        "state.json.fedcba9876543210.next");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
