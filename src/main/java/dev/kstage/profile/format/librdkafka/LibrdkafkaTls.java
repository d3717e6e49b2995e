package dev.kstage.profile.format.librdkafka;

import dev.kstage.profile.PropertyChange.Weight;
import dev.kstage.profile.ReferencedFiles;
import dev.kstage.profile.RejectedFile;
import dev.kstage.profile.SmallFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates librdkafka's TLS properties to key and trust stores of Java. */
final class LibrdkafkaTls {
    private static final String CA_FILE = "ssl.ca.location";
    private static final String CA = "ssl.ca.pem";
    private static final String TRUST_TYPE = "ssl.truststore.type";
    private static final String CERTIFICATE = "ssl.certificate";
    private static final String KEY = "ssl.key";
    private static final String KEY_PASSWORD = "ssl.key.password";
    private static final String STORE = "ssl.keystore.location";
    private static final String STORE_TYPE = "ssl.keystore.type";
    private static final String VERIFY = "enable.ssl.certificate.verification";
    private static final String HOST_CHECK = "ssl.endpoint.identification.algorithm";
    private static final String PEM = "PEM";
    private static final Set<String> NO = Set.of("false", "f", "0", "no");

    private LibrdkafkaTls() {}

    static void translate(ProfileTranslation draft, boolean foreign) {
        if (NO.contains(draft.get(VERIFY, "").strip().toLowerCase(Locale.ROOT))) {
            throw draft.unusable(
                    VERIFY,
                    "Java clients can't disable certificate verification",
                    "remove it, and name the CA certificate with " + CA_FILE);
        }
        draft.drop(VERIFY, "Java clients always verify certificates", Weight.SHOWN);
        if (draft.get(HOST_CHECK, "").equalsIgnoreCase("none")) {
            draft.turn(HOST_CHECK, HOST_CHECK, "", "the Java client's value for none is an empty string");
        }
        trust(draft);
        identity(draft);
        if (foreign && draft.has(STORE) && !draft.has(STORE_TYPE)) {
            draft.turn(STORE, STORE, draft.get(STORE, ""), "librdkafka's key stores are of type PKCS12");
            draft.put(STORE_TYPE, "PKCS12");
        }
        draft.drop("ssl.crl.location", "Java clients do not check certificate revocation", Weight.WARNED);
        if (foreign) {
            draft.drop(
                    "ssl.cipher.suites", "Java has other names for cipher suites; its defaults are used", Weight.NOTED);
        }
    }

    private static void trust(ProfileTranslation draft) {
        String file = draft.get(CA_FILE);
        String text = draft.get(CA);
        if (text != null) {
            draft.drop(CA_FILE, CA + " is set too", Weight.NOTED);
            draft.turn(CA, "ssl.truststore.certificates", text, "the Java client's name for it");
            draft.put(TRUST_TYPE, PEM);
        } else if (file != null && file.equals("probe")) {
            draft.drop(CA_FILE, "Java trusts the CAs of its own trust store by default", Weight.SHOWN);
        } else if (file != null) {
            try {
                ReferencedFiles.check(file);
            } catch (RejectedFile e) {
                throw draft.unusable(CA_FILE, file + ": " + e.getReason(), "name one file with all CA certificates");
            }
            draft.turn(CA_FILE, "ssl.truststore.location", file, "a trust store of type PEM is a file of certificates");
            draft.put(TRUST_TYPE, PEM);
        }
    }

    private static void identity(ProfileTranslation draft) {
        String chain = content(draft, CERTIFICATE);
        String key = content(draft, KEY);
        if (chain == null && key == null) {
            return;
        }
        if (chain == null || key == null) {
            String there = chain == null ? KEY : CERTIFICATE;
            throw draft.unusable(
                    named(draft, there),
                    "there is no " + (chain == null ? CERTIFICATE : KEY) + ".location beside it",
                    "set both, or none");
        }
        String plainKey = pkcs8(draft, key);
        draft.turn(
                named(draft, CERTIFICATE),
                "ssl.keystore.certificate.chain",
                chain,
                "a key store of type PEM" + " contains it");
        draft.turn(named(draft, KEY), "ssl.keystore.key", plainKey, "a key store of type PEM contains it");
        draft.put(STORE_TYPE, PEM);
    }

    /** The name of the property that the user wrote. */
    private static String named(ProfileTranslation draft, String what) {
        return what + (draft.has(what + ".pem") ? ".pem" : ".location");
    }

    private static @Nullable String content(ProfileTranslation draft, String what) {
        String file = draft.get(what + ".location");
        if (draft.has(what + ".pem") || file == null) {
            return draft.get(what + ".pem");
        }
        try {
            return SmallFile.read(file).text();
        } catch (RejectedFile e) {
            throw draft.unusable(what + ".location", "cannot read " + file + ": " + e.getReason(), e.remedy());
        } catch (IOException e) {
            throw draft.unusable(
                    what + ".location",
                    "cannot read " + file + (e instanceof NoSuchFileException ? ": there is no such file" : ""),
                    "name a file in PEM format that you may read");
        }
    }

    private static String pkcs8(ProfileTranslation draft, String key) {
        boolean isEncrypted = EncryptedKey.isOne(key);
        if (!isEncrypted && !key.contains("BEGIN PRIVATE KEY")) {
            throw draft.unusable(
                    named(draft, KEY),
                    key.matches("(?s).*BEGIN (RSA|EC|DSA) PRIVATE KEY.*")
                            ? "the key is in the old format PKCS#1 (or SEC 1), and Java reads PKCS#8 only"
                            : "the file contains no private key in PEM format",
                    "convert the key: openssl pkcs8 -topk8 -in KEY.pem -out KEY.pkcs8.pem");
        }
        if (!isEncrypted) {
            draft.drop(KEY_PASSWORD, "the key is not encrypted", Weight.SHOWN);
            return key;
        }
        String password = draft.get(KEY_PASSWORD);
        if (password == null) {
            throw draft.unusable(named(draft, KEY), "the key is encrypted", "set its password with " + KEY_PASSWORD);
        }
        try {
            String plain = EncryptedKey.decrypted(key, password);
            draft.drop(KEY_PASSWORD, "kstage decrypted the key with it", Weight.SHOWN);
            return plain;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw draft.unusable(
                    named(draft, KEY),
                    "the key can't be decrypted with " + KEY_PASSWORD,
                    "correct the password, or decrypt the key: openssl pkcs8 -in KEY.pem -out KEY.plain.pem");
        }
    }
}
