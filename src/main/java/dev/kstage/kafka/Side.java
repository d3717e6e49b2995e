package dev.kstage.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** On which side of a container network this process seems to be. */
enum Side {
    IN_CONTAINER,
    ON_HOST;

    private static final Pattern ENGINES = Pattern.compile("docker|containerd|kubepods|libpod|lxc");

    /** What the files of this system say. */
    static Side here() {
        return of(Path.of("/"));
    }

    /** @param root of a file system: Docker and Podman leave a file there, others a name in the control group */
    static Side of(Path root) {
        return Files.exists(root.resolve(".dockerenv"))
                        || Files.exists(root.resolve("run/.containerenv"))
                        || ENGINES.matcher(controlGroup(root)).find()
                ? IN_CONTAINER
                : ON_HOST;
    }

    private static String controlGroup(Path root) {
        try {
            return Files.readString(root.resolve("proc/1/cgroup"));
        } catch (IOException e) {
            return "";
        }
    }
}
