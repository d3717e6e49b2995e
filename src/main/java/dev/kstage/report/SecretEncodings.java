package dev.kstage.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The encoded forms of a secret: in a URL or a form, or inside Base64 text. */
final class SecretEncodings {
    // Fewer characters may occur in any text.
    private static final int LEAST_BASE64 = 6;
    // Characters that RFC 3986, forms (java.net.URLEncoder) and JavaScript leave unencoded.
    private static final List<String> KEPT = List.of("-._~", "-._*", "-._~!*'()");

    private SecretEncodings() {}

    static Set<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (String kept : KEPT) {
            for (HexFormat digits : new HexFormat[] {HexFormat.of().withUpperCase(), HexFormat.of()}) {
                String url = inUrl(bytes, kept, digits);
                forms.add(url);
                forms.add(url.replace("%20", "+"));
            }
        }
        for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
            forms.add(encoder.encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                String within = within(bytes, before, encoder);
                if (within.length() >= LEAST_BASE64) {
                    forms.add(within);
                }
            }
        }
        return forms;
    }

    private static String inUrl(byte[] bytes, String kept, HexFormat digits) {
        StringBuilder url = new StringBuilder();
        for (byte each : bytes) {
            boolean isKept = (each >= '0' && each <= '9')
                    || (each >= 'A' && each <= 'Z')
                    || (each >= 'a' && each <= 'z')
                    || kept.indexOf(each) >= 0;
            if (isKept) {
                url.append((char) each);
            } else {
                url.append('%').append(digits.toHexDigits(each));
            }
        }
        return url.toString();
    }

    /**
     * The Base64 characters that depend on the secret alone when it is inside a longer text, as in {@code
     * user:password}. Each character holds six bits (RFC 4648), so the first and last ones may contain bits of their
     * neighbours.
     *
     * @param before the number of bytes before the secret, modulo 3
     */
    private static String within(byte[] secret, int before, Base64.Encoder encoder) {
        byte[] text = new byte[before + secret.length];
        System.arraycopy(secret, 0, text, before, secret.length);
        String encoded = encoder.encodeToString(text);
        int first = (before * 8 + 5) / 6;
        int end = text.length * 8 / 6;
        return first < end ? encoded.substring(first, end) : "";
    }
}
