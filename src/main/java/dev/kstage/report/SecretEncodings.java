package dev.kstage.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A secret as it may stand where nobody would look for it: in a URL or a form, or within text in Base64. */
final class SecretEncodings {
    // Fewer characters may be a part of any text.
    private static final int LEAST_BASE64 = 6;
    // What RFC 3986 keeps, what forms keep (as java.net.URLEncoder has it), and what JavaScript keeps.
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
     * The characters that the secret alone decides wherever it stands in a longer text, as {@code user:password} is: each
     * holds six bits (RFC 4648), so those at its ends may have bits of its neighbours.
     *
     * @param before how many bytes before it, modulo 3
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
