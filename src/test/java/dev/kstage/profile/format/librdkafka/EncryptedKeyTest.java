package dev.kstage.profile.format.librdkafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.Profile;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** With keys of {@code openssl genpkey} and {@code openssl pkcs8 -topk8}, made for this test alone. */
class EncryptedKeyTest {
    private static final String PASSWORD = "kp \"x";
    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjpaBzzeothXAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGuYYQXMNx1e2tnBrcdmYt8EgZC3
            uEoYAViJiYLn+siijYN7THsoCOf7/JE4G6H01fcJmfvyZU9E6xN6RILSLuV/56Af
            gJwMaXCxo9Fb5zcvnVpqaKkpt/BbZeQALSaX0TGEx6Eh+d04GvvqHxECyzXctBIS
            0PVwaJCmMntJn8zh4aXoojojwKuen6Olu1v85ZlGrbXk3joggIjZFEBc3wrsDFQ=
            -----END ENCRYPTED PRIVATE KEY-----
            """;
    private static final String PLAIN = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaqHmHOYeU00/aG1k
            sFoQ6fBKRRodF7SizXb+EcP4lv2hRANCAATT4B0rV+gBDdQNMFxlIIbJuha80cuK
            0Bqolit01cT5As3Rs/M1Rx3hO6YzoldhK0LzR0tcrW68RNY1/F8xLhvu
            -----END PRIVATE KEY-----
            """;

    private static Profile translated(String password) {
        return Librdkafka.translated(
                new Profile(
                        "a",
                        new TreeMap<>(Map.of(
                                "ssl.certificate.pem",
                                "CERT",
                                "ssl.key.pem",
                                ENCRYPTED,
                                "ssl.key.password",
                                password))),
                true);
    }

    @Test
    void decrypts_what_openssl_encrypts_by_default() throws GeneralSecurityException, IOException {
        assertThat(EncryptedKey.isOne(ENCRYPTED)).isTrue();
        assertThat(EncryptedKey.isOne(PLAIN)).isFalse();
        assertThat(EncryptedKey.decrypted(ENCRYPTED, PASSWORD)).isEqualTo(PLAIN);
    }

    @Test
    void puts_the_decrypted_key_into_a_key_store_and_hides_it() {
        Profile profile = translated(PASSWORD);

        assertThat(profile.properties())
                .containsEntry("ssl.keystore.key", PLAIN)
                .doesNotContainKey("ssl.key.password");
        assertThat(profile.secrets()).containsExactly(PLAIN);
    }

    @Test
    void reports_a_wrong_password_without_showing_it() {
        assertThat(FailureText.by(() -> translated("canary"))).isEqualTo("""
            USAGE: cannot use "ssl.key.pem" of profile "a"
            the key can't be decrypted with ssl.key.password
            correct the password, or decrypt the key: openssl pkcs8 -in KEY.pem -out KEY.plain.pem
            """);
    }
}
