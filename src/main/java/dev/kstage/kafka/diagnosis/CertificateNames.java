package dev.kstage.kafka.diagnosis;

import dev.kstage.report.Text;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The hosts that a certificate is for (RFC 2818, RFC 6125). */
final class CertificateNames {
    // RFC 5280, GeneralName.
    private static final int DNS = 2;
    private static final int IP = 7;

    private static final int MOST_SHOWN = 6;

    private CertificateNames() {}

    /** The first of them, for a line of text. */
    static String shown(X509Certificate certificate) {
        List<String> names = of(certificate);
        if (names.isEmpty()) {
            return "no host at all";
        }
        String more = names.size() > MOST_SHOWN ? " and " + (names.size() - MOST_SHOWN) + " more" : "";
        return names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ")) + more;
    }

    /** Its alternative names; its common name only where it has none, as Java takes it. */
    static List<String> of(X509Certificate certificate) {
        List<String> alternatives = alternatives(certificate).stream()
                .filter(each -> each.get(0).equals(DNS) || each.get(0).equals(IP))
                .map(each -> Text.harmless(String.valueOf(each.get(1))))
                .toList();
        return alternatives.isEmpty() ? commonName(certificate).stream().toList() : alternatives;
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .flatMap(part -> Stream.of(Text.harmless(String.valueOf(part.getValue()))))
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
