package dev.kstage.installed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority and what it signed, made by the JDK's keytool in a directory of a test. */
public final class Certificates {
    /** Of every store and key. */
    public static final String PASSWORD = "for-this-test";

    private final Path directory;
    private final String name;

    private Certificates(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** A new authority. */
    public static Certificates authority(Path directory, String name) {
        Certificates certificates = new Certificates(directory, name);
        certificates.keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-ext", "bc:c");
        certificates.keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-file",
                certificates.pem().toString());
        return certificates;
    }

    /** Its own certificate, as a file in PEM format. */
    public Path pem() {
        return directory.resolve(name + ".pem");
    }

    /**
     * A key and a certificate that it signs.
     *
     * @param more options of keytool's genkeypair, such as {@code -ext san=dns:localhost}
     * @return the store, of type PKCS12, with this one key
     */
    public Path sign(String alias, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-signer", name));
        arguments.addAll(Arrays.asList(more));
        keytool(arguments.toArray(String[]::new));
        try {
            KeyStore all = load(directory.resolve(name + ".p12"));
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            one.setKeyEntry(
                    alias,
                    all.getKey(alias, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(alias));
            Path file = directory.resolve(alias + ".p12");
            try (var to = Files.newOutputStream(file)) {
                one.store(to, PASSWORD.toCharArray());
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** TLS of a server that shows the key of a store, and trusts this authority's clients. */
    public SSLContext server(Path store) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(store), PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore authority = KeyStore.getInstance("PKCS12");
            authority.load(null, null);
            authority.setCertificateEntry(
                    name, load(directory.resolve(name + ".p12")).getCertificate(name));
            trust.init(authority);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream from = Files.newInputStream(store)) {
            loaded.load(from, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1"));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of(
                "-keystore",
                directory.resolve(name + ".p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + "\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
