package dev.kstage.profile.choice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.profile.StateFile;
import dev.kstage.profile.XdgDirectories;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The project files that the user has allowed, with the hash of their content. */
public final class TrustedFiles {
    // Only the latest are stored, so that the list stays small: every command reads it.
    private static final int MOST = 1_000;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final StateFile kept;

    public TrustedFiles(XdgDirectories directories) {
        this.kept = new StateFile(directories.state().resolve("trusted-files.json"));
    }

    /**
     * Allows kstage to use a project file with its current content.
     *
     * @return the content
     * @throws Failure if the file can't be allowed
     */
    public TrustedProject trust(Path file) {
        Path path = file.toAbsolutePath().normalize();
        if (!path.endsWith(DiscoveredFile.NAME)) {
            throw refused(
                    file,
                    "only a file named " + DiscoveredFile.NAME + " can be used without being named",
                    "name it with --profile-file " + file);
        }
        DiscoveredFile found = DiscoveredFile.in(path.resolveSibling("."), this);
        if (found == null) {
            throw refused(file, "there is no such file", "check the path");
        }
        if (found.file() == null) {
            throw refused(file, found.why(), found.remedy(file.toString()));
        }
        add(new TrustedFile(found.path().toString(), found.sha256()));
        return new TrustedProject(
                found.path(),
                found.sha256(),
                found.file().defaultName(),
                found.file().kept(file.toString()));
    }

    private static Failure refused(Path file, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, "cannot trust " + file, why, remedy);
    }

    /**
     * Revokes the permission; the file may be deleted already.
     *
     * @throws Failure if it was not allowed
     */
    public TrustedFile untrust(Path file) {
        Path path = file.toAbsolutePath().normalize();
        TrustedFile trusted = at(withoutLinks(path));
        if (trusted == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot untrust " + file,
                    "it is not trusted",
                    "`kstage profile list` shows the trusted files");
        }
        write(without(trusted.file()));
        return trusted;
    }

    private static Path withoutLinks(Path path) {
        try {
            return path.resolveSibling(".").toRealPath().resolve(path.getFileName());
        } catch (IOException e) {
            return path;
        }
    }

    /** All trusted files with their current state. */
    public Map<TrustedFile, TrustedFile.Now> all() {
        Map<TrustedFile, TrustedFile.Now> all = new LinkedHashMap<>();
        for (TrustedFile each : kept()) {
            DiscoveredFile found = DiscoveredFile.in(Path.of(each.file()).resolveSibling("."), this);
            TrustedFile.Now now = found == null
                    ? TrustedFile.Now.GONE
                    : found.state() == DiscoveredFile.State.TRUSTED ? TrustedFile.Now.TRUSTED : TrustedFile.Now.CHANGED;
            all.put(each, now);
        }
        return all;
    }

    /** The latest ones are at the end. */
    private List<TrustedFile> kept() {
        try {
            TrustedFile[] files = MAPPER.readValue(kept.read(), TrustedFile[].class);
            return files == null
                    ? List.of()
                    : Arrays.stream(files).filter(Objects::nonNull).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failure("cannot read the list of trusted files", e);
        }
    }

    /**
     * The entry of a path, or null if it was never allowed.
     *
     * @param file absolute, with links resolved
     */
    @Nullable
    TrustedFile at(Path file) {
        return kept().stream()
                .filter(each -> each.file().equals(file.toString()))
                .findFirst()
                .orElse(null);
    }

    /** Adds an entry, and removes an older one of the same path. */
    private void add(TrustedFile trusted) {
        List<TrustedFile> files = without(trusted.file());
        files.add(trusted);
        write(files.subList(Math.max(0, files.size() - MOST), files.size()));
    }

    private List<TrustedFile> without(String file) {
        List<TrustedFile> files = new ArrayList<>(kept());
        files.removeIf(each -> each.file().equals(file));
        return files;
    }

    private void write(List<TrustedFile> files) {
        try {
            kept.write(Json.document(files) + "\n");
        } catch (IOException e) {
            throw failure("cannot store the list of trusted files", e);
        }
    }

    private Failure failure(String what, IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                what,
                e instanceof JsonProcessingException ? "its content is not what kstage writes" : FileFault.reason(e),
                "check " + kept.location(),
                e);
    }
}
