package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerConnection;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.TlsSettings;
import dev.kstage.report.Failure;
import dev.kstage.report.Failure.Kind;
import dev.kstage.report.Text;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * Why TLS with a broker failed. The client's exception tells the kind of fault. A {@link TlsProbe} at the address
 * finds the names and dates that the exception omits.
 *
 * @param what what was tried, as in "cannot …"
 * @param where the address, or the bootstrap servers if it is not known which of them
 * @param look what is there
 */
record TlsFailure(String what, String where, Optional<Address> address, TlsProbe look, TlsSettings settings) {
    // The time may be up already, and the user has waited for it.
    private static final Duration LOOK = Duration.ofMillis(1_500);
    // Who has just ended a handshake, or a connection, says soon what there is to say.
    private static final Duration LOOK_AT_WHO_ANSWERS = Duration.ofSeconds(4);
    private static final TlsProbe NOT_SEEN = new TlsProbe(TlsProbe.Speech.TLS, List.of(), false, "");
    private static final Pattern OTHER_NAME = Pattern.compile("No (name matching|subject alternative)");
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    private static final Pattern NOTHING_IN_COMMON =
            Pattern.compile("No appropriate protocol|not accepted by client preferences|No (usable|available) cipher");
    private static final Set<String> ALERTS_OF_NOTHING_IN_COMMON =
            Set.of("handshake_failure", "protocol_version", "insufficient_security");
    private static final String GIVE_TRUST = "if it is the right one, name its certificate in the profile:"
            + " ssl.ca.location for a file in PEM format, or ssl.truststore.location";
    private static final String GIVE_IDENTITY = "give one in the profile: ssl.certificate.location and"
            + " ssl.key.location for files in PEM format, or ssl.keystore.location";

    /** Of a client that does not tell at which address; looks for it. */
    static Failure of(String what, SslAuthenticationException cause, ClientSettings settings) {
        Optional<Address> address = ParallelProbes.await(
                ParallelProbes.start(() -> refusing(settings)), LOOK.multipliedBy(2), Optional.empty());
        return of(what, address, cause, settings);
    }

    /** Of a client that met with it at this address. */
    static Failure at(String what, Address address, SslAuthenticationException cause, ClientSettings settings) {
        return of(what, Optional.of(address), cause, settings);
    }

    private static Failure of(
            String what, Optional<Address> address, SslAuthenticationException cause, ClientSettings settings) {
        TlsProbe look = address.map(TlsFailure::look).orElse(NOT_SEEN);
        String where = address.map(Address::toString).orElse(settings.bootstrapServers());
        return new TlsFailure(what, where, address, look, settings.tls()).because(cause);
    }

    private static TlsProbe look(Address address) {
        return ParallelProbes.await(
                ParallelProbes.start(() -> TlsProbe.at(address, LOOK_AT_WHO_ANSWERS)), LOOK_AT_WHO_ANSWERS, NOT_SEEN);
    }

    /** Which of the addresses that are given, or that the cluster advertises, does not get through TLS. */
    private static Optional<Address> refusing(ClientSettings settings) {
        for (Address each : Address.all(settings.bootstrapServers())) {
            try {
                return BrokerMetadata.ask(settings, each, LOOK).brokers().stream()
                        .map(BrokerMetadata.Broker::address)
                        .filter(broker -> refuses(settings, broker))
                        .findFirst();
            } catch (SslAuthenticationException e) {
                return Optional.of(each);
            } catch (IOException | KafkaException e) {
                // The next may tell more.
            }
        }
        return Optional.empty();
    }

    private static boolean refuses(ClientSettings settings, Address address) {
        try (BrokerConnection broker = BrokerConnection.connect(settings, address, LOOK)) {
            return false;
        } catch (SslAuthenticationException e) {
            return true;
        } catch (IOException | KafkaException e) {
            return false;
        }
    }

    /**
     * Of addresses of which none gave an answer: whether one of them speaks another protocol than the client.
     *
     * @param isLate whether the user has waited for an answer, rather than seen connections end
     * @return what is wrong, or nothing if that does not explain it
     */
    static Optional<Failure> ofProtocol(String what, List<Address> addresses, boolean isLate, ClientSettings settings) {
        Duration limit = isLate ? LOOK : LOOK_AT_WHO_ANSWERS;
        return ParallelProbes.map(addresses, limit, Optional.<Failure>empty(), each -> seen(what, each, limit, settings)
                        .ofProtocol())
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What another protocol at one address means, as part of a sentence. */
    static Optional<String> wordsOfProtocol(Address address, Duration limit, ClientSettings settings) {
        return seen("", address, limit, settings).ofProtocol().map(Failure::why);
    }

    private static TlsFailure seen(String what, Address address, Duration limit, ClientSettings settings) {
        TlsProbe look = TlsProbe.at(address, limit);
        return new TlsFailure(what, address.toString(), Optional.of(address), look, settings.tls());
    }

    private Optional<Failure> ofProtocol() {
        String change = "set security.protocol=" + settings.otherProtocol() + " in the profile";
        return switch (look.speech()) {
            case NOTHING -> Optional.empty();
            case OTHER -> Optional.of(notKafka());
            case KAFKA ->
                settings.isOn()
                        ? Optional.of(failure(
                                where + " does not speak TLS, and security.protocol is " + settings.protocol(),
                                change + ", or give the port of a listener with TLS"))
                        : Optional.empty();
            case TLS -> {
                if (!settings.isOn()) {
                    yield Optional.of(failure(
                            where + " speaks TLS, and security.protocol is " + settings.protocol(),
                            change + ", or give the port of a listener without TLS"));
                }
                yield look.wantsCertificate() && settings.identity().isEmpty()
                        ? Optional.of(withoutIdentity())
                        : Optional.empty();
            }
        };
    }

    private Failure notKafka() {
        return failure(
                "what listens at " + where + " is no Kafka: it answers in another protocol", "check host and port");
    }

    private Failure because(SslAuthenticationException cause) {
        if (look.speech() == TlsProbe.Speech.OTHER) {
            return notKafka();
        }
        if (has(cause, CertificateExpiredException.class::isInstance)) {
            return expired(cause);
        }
        if (has(cause, CertificateNotYetValidException.class::isInstance)) {
            return notYetValid(cause);
        }
        if (has(cause, e -> OTHER_NAME.matcher(String.valueOf(e.getMessage())).find())) {
            return otherName(cause);
        }
        if (has(cause, e -> e instanceof CertPathBuilderException || e instanceof CertPathValidatorException)) {
            return unknownAuthority(cause);
        }
        Optional<String> alert = causes(cause)
                .map(e -> ALERT.matcher(String.valueOf(e.getMessage())))
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .findFirst();
        if (alert.isPresent()) {
            return alerted(alert.get(), cause);
        }
        if (has(
                cause,
                e -> NOTHING_IN_COMMON.matcher(String.valueOf(e.getMessage())).find())) {
            return nothingInCommon(deepest(cause), cause);
        }
        return failure(
                Kind.USAGE,
                "TLS with " + where + " failed: " + deepest(cause),
                "check the properties ssl.* of the profile",
                cause);
    }

    private Failure expired(SslAuthenticationException cause) {
        Instant now = Instant.now();
        String why = look.chain().stream()
                .filter(each -> end(each).isBefore(now))
                .findFirst()
                .map(each -> certificate(each) + " expired on " + end(each))
                .orElseGet(() -> "a certificate on the way to " + where + " has expired: " + deepest(cause));
        return failure(Kind.TEMPORARY, why, "have it renewed; and see that this machine's clock is right", cause);
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    private Failure notYetValid(SslAuthenticationException cause) {
        Instant now = Instant.now();
        String why = look.chain().stream()
                .filter(each -> start(each).isAfter(now))
                .findFirst()
                .map(each -> certificate(each) + " is not valid before " + start(each))
                .orElseGet(() -> "a certificate on the way to " + where + " is not valid yet: " + deepest(cause));
        return failure(
                Kind.TEMPORARY,
                why,
                "see that this machine's clock is right (it says " + now.truncatedTo(ChronoUnit.SECONDS)
                        + "), or wait until then",
                cause);
    }

    private static Instant start(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant();
    }

    private String certificate(X509Certificate shown) {
        return "the certificate of " + where + " ("
                + Text.harmless(shown.getSubjectX500Principal().getName()) + ")";
    }

    private Failure otherName(SslAuthenticationException cause) {
        if (address.isEmpty() || look.chain().isEmpty()) {
            return failure(
                    Kind.USAGE,
                    "the certificate of " + where + " is for another host: " + deepest(cause),
                    "connect by a name that the certificate has, and advertise such a name (advertised.listeners)",
                    cause);
        }
        String host = Text.harmless(address.get().host());
        return failure(
                Kind.USAGE,
                "the certificate of " + where + " is not for " + host + ", but for "
                        + CertificateNames.shown(look.chain().get(0)),
                "connect by a name that it has, and advertise such a name (advertised.listeners);"
                        + " or have a certificate made for " + host,
                cause);
    }

    private Failure unknownAuthority(SslAuthenticationException cause) {
        String signed = look.chain().isEmpty()
                ? "the certificate of " + where + " is signed by an authority that is not trusted"
                : "the certificate of " + where + " is signed by " + issuer(look.chain()) + ", which is not trusted";
        String trust = settings.trust();
        return trust.isEmpty()
                ? failure(
                        Kind.USAGE,
                        signed + ": the profile names no authority, so only Java's own count",
                        GIVE_TRUST,
                        cause)
                : failure(
                        Kind.USAGE,
                        signed + ": " + trust + " does not lead to it",
                        "put the certificate of that authority there, if it is the right one",
                        cause);
    }

    private static String issuer(List<X509Certificate> chain) {
        X509Certificate last = chain.get(chain.size() - 1);
        return chain.size() == 1 && last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
                ? "itself"
                : Text.harmless(last.getIssuerX500Principal().getName());
    }

    private Failure alerted(String alert, SslAuthenticationException cause) {
        boolean isOfCertificate = alert.equals("certificate_required") || look.wantsCertificate();
        if (isOfCertificate && settings.identity().isEmpty()) {
            return withoutIdentity();
        }
        if (ALERTS_OF_NOTHING_IN_COMMON.contains(alert)) {
            return nothingInCommon("the alert was " + alert, cause);
        }
        if (isOfCertificate) {
            return failure(
                    Kind.USAGE,
                    where + " does not accept the client certificate of " + settings.identity() + ": the alert was "
                            + alert,
                    "give one that is in date, and signed by an authority that the broker trusts",
                    cause);
        }
        return failure(
                Kind.USAGE,
                where + " ended the TLS handshake: the alert was " + alert,
                "check the properties ssl.* of the profile, and the broker's log",
                cause);
    }

    private Failure withoutIdentity() {
        return failure(where + " asks for a client certificate, and the profile has none", GIVE_IDENTITY);
    }

    private Failure nothingInCommon(String reason, SslAuthenticationException cause) {
        String limits = settings.limits();
        String ours = limits.isEmpty() ? "" : ": the profile has " + limits;
        String theirs = look.agreed().isEmpty() ? "" : ", and " + where + " takes " + look.agreed();
        return failure(
                Kind.USAGE,
                "no TLS version or cipher suite is common to the client and " + where + " (" + reason + ")" + ours
                        + theirs,
                limits.isEmpty()
                        ? "have the broker allow TLSv1.2 or TLSv1.3 with their usual ciphers"
                        : "correct these properties, or leave them out",
                cause);
    }

    private Failure failure(String why, String remedy) {
        return new Failure(Kind.USAGE, what, why, remedy);
    }

    private Failure failure(Kind kind, String why, String remedy, SslAuthenticationException cause) {
        return new Failure(kind, what, why, remedy, cause);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, e -> e != null, Throwable::getCause);
    }

    private static boolean has(Throwable thrown, Predicate<Throwable> predicate) {
        return causes(thrown).anyMatch(predicate);
    }

    private static String deepest(Throwable thrown) {
        List<Throwable> causes = causes(thrown).collect(Collectors.toList());
        return KafkaFailures.reason(causes.get(causes.size() - 1));
    }
}
