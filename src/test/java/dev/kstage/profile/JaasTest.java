package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JaasTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple",
                "",
                "two words",
                "quo\"te and 'quote'",
                "\"",
                "back\\slash",
                "\\",
                "\\\"",
                "\\n \\101",
                "100% @;:=#&+ // /* */",
                "pässwörd ĸ€ 😀",
                "line\nfeed\r\ttab",
                "${env:HOME}"
            })
    void quotes_so_that_kafka_reads_what_was_meant_and_the_redactor_knows_it(String password) {
        String config = Jaas.config(Jaas.PLAIN, new TreeMap<>(Map.of("username", "ü\"", "password", password)));

        Map<String, ?> options = JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(config)))
                .configurationEntries()
                .get(0)
                .getOptions();
        assertThat(options.get("username")).isEqualTo("ü\"");
        assertThat(options.get("password")).isEqualTo(password);
        // An empty one is no secret: it stands between any two characters.
        if (!password.isEmpty()) {
            assertThat(new Profile("x", new TreeMap<>(Map.of("sasl.jaas.config", config))).secrets())
                    .contains(password);
        }
    }
}
