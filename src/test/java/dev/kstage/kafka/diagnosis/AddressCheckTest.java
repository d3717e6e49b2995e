package dev.kstage.kafka.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class AddressCheckTest {
    @Test
    void what_is_wrong_with_an_address_is_found_by_connecting() throws IOException {
        assertThat(AddressCheck.fault(new Address("kafka.invalid", 9092), 1_000))
                .hasValueSatisfying(finding -> assertThat(finding.fault()).isEqualTo(AddressCheck.Fault.UNKNOWN_HOST));
        try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("localhost", open.getLocalPort());
            assertThat(AddressCheck.fault(address, 1_000)).isEmpty();
            open.close();
            assertThat(AddressCheck.fault(address, 1_000))
                    .hasValueSatisfying(finding -> assertThat(finding.fault()).isEqualTo(AddressCheck.Fault.REFUSED));
        }
    }
}
