package dev.kstage.profile.format.librdkafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/**
 * Decrypts a private key in PKCS#8. Kafka clients ask Java for the algorithm "PBES2", which openssl uses today. Java
 * 17 has it only under longer names, so kstage decrypts the key itself.
 */
final class EncryptedKey {
    private static final String BEGIN = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String END = "-----END ENCRYPTED PRIVATE KEY-----";

    // More than the default of any tool; without a limit a file could cause an hour of work.
    private static final int MOST_ITERATIONS = 2_000_000;

    private EncryptedKey() {}

    /** Whether a PEM text contains such a key. */
    static boolean isOne(String pem) {
        return pem.contains(BEGIN);
    }

    /**
     * The decrypted key in PEM format.
     *
     * @throws GeneralSecurityException if the password is wrong, or Java lacks the algorithm
     * @throws IOException if it is not such a key
     */
    static String decrypted(String pem, String password) throws GeneralSecurityException, IOException {
        int begin = pem.indexOf(BEGIN) + BEGIN.length();
        int end = pem.indexOf(END, begin);
        if (end < 0) {
            throw new IOException("it has no end");
        }
        String body = pem.substring(begin, end);
        EncryptedPrivateKeyInfo key =
                new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII)));
        String algorithm =
                key.getAlgName().equals("PBES2") ? key.getAlgParameters().toString() : key.getAlgName();
        AlgorithmParameters parameters = key.getAlgParameters();
        if (parameters != null
                && parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount() > MOST_ITERATIONS) {
            throw new IOException("it takes more than " + MOST_ITERATIONS + " iterations");
        }
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, secret, key.getAlgParameters());
        byte[] plain = key.getKeySpec(cipher).getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(plain)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
