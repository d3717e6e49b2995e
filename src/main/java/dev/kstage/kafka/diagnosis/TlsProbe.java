package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a server at an address speaks, and which certificates it shows. Kafka's clients only see a connection that
 * ends or a handshake that fails. The probe starts TLS. If the server does not speak TLS, the probe sends the first
 * request of Kafka's protocol. It accepts any certificate, in order to show it, so it never sends anything else.
 *
 * @param speech what the other side speaks
 * @param chain its certificates, its own first; empty if it showed none
 * @param wantsCertificate whether it asked for a certificate of the client
 * @param agreed the version and cipher that Java's defaults led to; empty if they led to none
 */
record TlsProbe(Speech speech, List<X509Certificate> chain, boolean wantsCertificate, String agreed) {
    /** What somebody at an address answers in. */
    enum Speech {
        TLS,
        /** Kafka's protocol as it is. */
        KAFKA,
        /** Something that is neither. */
        OTHER,
        /** Nothing was said, or nobody is there. */
        NOTHING
    }

    private static final int ALERT = 0x15;
    private static final int HANDSHAKE = 0x16;
    private static final int QUESTION = 0x6b737461;
    private static final int LARGEST_ANSWER = 1 << 20;

    /** @param limit for all of it, about */
    static TlsProbe at(Address address, Duration limit) {
        int millis = Math.max(1, Math.toIntExact(limit.toMillis()) / 2);
        TlsProbe look = handshake(address, millis);
        return look.speech() == Speech.NOTHING && speaksKafka(address, millis)
                ? new TlsProbe(Speech.KAFKA, List.of(), false, "")
                : look;
    }

    private static TlsProbe handshake(Address address, int millis) {
        Seen seen = new Seen();
        String agreed = "";
        try (FirstByte socket = new FirstByte()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
            socket.setSoTimeout(millis);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Asked(seen)}, new TrustManager[] {new Shown(seen)}, null);
            try (SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, address.host(), address.port(), true)) {
                tls.startHandshake();
                agreed = tls.getSession().getProtocol() + " with "
                        + tls.getSession().getCipherSuite();
            } catch (IOException e) {
                // What was seen until then is what is asked for.
            }
            return new TlsProbe(speech(socket.first), List.copyOf(seen.chain), seen.wantsCertificate, agreed);
        } catch (IOException | GeneralSecurityException e) {
            return new TlsProbe(Speech.NOTHING, List.of(), false, "");
        }
    }

    private static Speech speech(int first) {
        return switch (first) {
            case ALERT, HANDSHAKE -> Speech.TLS;
            case FirstByte.NONE -> Speech.NOTHING;
            default -> Speech.OTHER;
        };
    }

    /** Asks for the requests that it takes, in the oldest form: every broker since 0.10 answers that, before any login. */
    private static boolean speaksKafka(Address address, int millis) {
        byte[] client = "kstage".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
            socket.setSoTimeout(millis);
            DataOutputStream to = new DataOutputStream(socket.getOutputStream());
            to.writeInt(2 + 2 + 4 + 2 + client.length);
            to.writeShort(ApiKeys.API_VERSIONS.id);
            to.writeShort(0);
            to.writeInt(QUESTION);
            to.writeShort(client.length);
            to.write(client);
            to.flush();
            DataInputStream from = new DataInputStream(socket.getInputStream());
            int size = from.readInt();
            return size >= 4 && size < LARGEST_ANSWER && from.readInt() == QUESTION;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the other side shows and asks for. */
    private static final class Seen {
        private final List<X509Certificate> chain = new ArrayList<>();
        private boolean wantsCertificate;
    }

    /** A socket that keeps the first byte which it gets. */
    private static final class FirstByte extends Socket {
        private static final int NONE = -1;
        private int first = NONE;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int got = super.read();
                    keep(got);
                    return got;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    if (count > 0) {
                        keep(bytes[offset] & 0xff);
                    }
                    return count;
                }
            };
        }

        private void keep(int got) {
            first = first == NONE ? got : first;
        }
    }

    /** Takes every certificate, to show it. */
    private static final class Shown extends X509ExtendedTrustManager {
        private final Seen seen;

        Shown(Seen seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            seen.chain.addAll(List.of(chain));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Has no certificate, and notes that it is asked for one. */
    private static final class Asked extends X509ExtendedKeyManager {
        private final Seen seen;

        Asked(Seen seen) {
            this.seen = seen;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
            seen.wantsCertificate = true;
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public java.security.@Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }
    }
}
