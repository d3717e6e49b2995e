package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileFaultTest {
    @Test
    void says_in_text_what_java_says_by_a_class() {
        assertThat(FileFault.reason(new NoSuchFileException("a"))).isEqualTo("no such file or directory");
        assertThat(FileFault.of(new AccessDeniedException("a"))).isEqualTo("a: permission denied");
        assertThat(FileFault.of(new FileSystemException("a", null, "Not a directory")))
                .isEqualTo("a: Not a directory");
        assertThat(FileFault.reason(new MalformedInputException(1))).isEqualTo("it is not UTF-8 text");
        assertThat(FileFault.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(FileFault.of(new IOException())).isEqualTo("the operating system gives no reason");
    }
}
