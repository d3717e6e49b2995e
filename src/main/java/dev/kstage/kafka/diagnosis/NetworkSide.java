package dev.kstage.kafka.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Whether this process runs in a container or on the host, as far as its files tell. */
enum NetworkSide {
    IN_CONTAINER,
    ON_HOST;

    private static final Pattern ENGINES = Pattern.compile("docker|containerd|kubepods|libpod|lxc");

    /** What the files of this system say. */
    static NetworkSide here() {
        return of(Path.of("/"));
    }

    /** @param root of a file system: Docker and Podman leave a file there, others a name in the control group */
    static NetworkSide of(Path root) {
        return Files.exists(root.resolve(".dockerenv"))
                        || Files.exists(root.resolve("run/.containerenv"))
                        || ENGINES.matcher(controlGroup(root)).find()
                ? IN_CONTAINER
                : ON_HOST;
    }

    /** As a part of a sentence. */
    String words() {
        return this == IN_CONTAINER
                ? "this seems to run inside a container"
                : "this seems to run outside of containers";
    }

    /** As a part of a sentence about an address of localhost that can't be reached. */
    String wordsOfLocalhost() {
        return words() + ", where localhost is "
                + (this == IN_CONTAINER ? "that container itself" : "this machine itself");
    }

    /** As a part of a sentence about an unknown host name that a container network may define. */
    String wordsOf(String name) {
        return words()
                + (this == IN_CONTAINER
                        ? ", in another network than the one that has the name " + name
                        : ", and " + name + " looks like the name of one");
    }

    private static String controlGroup(Path root) {
        try {
            return Files.readString(root.resolve("proc/1/cgroup"));
        } catch (IOException e) {
            return "";
        }
    }
}
