package dev.kstage.profile;

import dev.kstage.report.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** A small private file of kstage's state. */
public final class StateFile {
    private final Path location;

    public StateFile(Path location) {
        this.location = location;
    }

    public Path location() {
        return location;
    }

    /**
     * @throws java.nio.file.NoSuchFileException if it does not exist
     * @throws RejectedFile if another user may have written it
     */
    public byte[] read() throws IOException {
        PrivateDirectory.requireOwn(directory());
        SmallFile file = SmallFile.read(location, LinkOption.NOFOLLOW_LINKS);
        if (!file.status().isOwn() || file.status().isWritableByAll()) {
            throw new RejectedFile(location.toString(), "another user may have written it", "remove that file");
        }
        return file.content();
    }

    private Path directory() {
        return Objects.requireNonNull(location.toAbsolutePath().getParent());
    }

    /** Replaces the content atomically. */
    public void write(String content) throws IOException {
        PrivateDirectory.create(directory(), directory());
        AtomicFile.replacePrivately(location, content.getBytes(StandardCharsets.UTF_8));
    }
}
