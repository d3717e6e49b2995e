package dev.kstage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of kstage and of its Kafka. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties built = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            if (file != null) {
                built.load(file);
            }
        }
        String revision = built.getProperty("revision", "");
        return new String[] {
            "kstage " + built.getProperty("version"),
            "revision " + (revision.matches("[0-9a-f]{7,40}") ? revision : "unknown (built outside a git checkout)"),
            "Kafka client and embedded broker " + built.getProperty("kafka"),
            "Java " + Runtime.version()
        };
    }
}
