package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {
    private static Profile profile(String... keysAndValues) {
        TreeMap<String, String> properties = new TreeMap<>();
        for (int at = 0; at < keysAndValues.length; at += 2) {
            properties.put(keysAndValues[at], keysAndValues[at + 1]);
        }
        return new Profile("prod", properties);
    }

    private static Profile withJaas(String options) {
        return profile("sasl.jaas.config", "x.PlainLoginModule required " + options + ";");
    }

    @Test
    void has_no_servers_unless_it_says_so() {
        assertThat(profile().bootstrapServers()).isEmpty();
        assertThat(profile("bootstrap.servers", "a:1").bootstrapServers()).isEqualTo("a:1");
    }

    @Test
    void lets_overrides_win() {
        Profile merged = profile("a", "1", "b", "2").with(Map.of("b", "3", "c", "4"));

        assertThat(merged.properties()).hasToString("{a=1, b=3, c=4}");
        assertThat(merged.name()).isEqualTo("prod");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.key.password",
                "ssl.keystore.password",
                "ssl.keystore.key",
                "ssl.truststore.password",
                "sasl.jaas.config",
                "listener.name.x.sasl.jaas.config",
                "SASL.PASSWORD",
                "basic.auth.user.info",
                "sasl.oauthbearer.client.credentials.client.secret",
                "my.token"
            })
    void masks_a_secret(String key) {
        assertThat(profile(key, "hunter2").masked()).hasToString("{" + key + "=********}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap.servers",
                "sasl.mechanism",
                "ssl.keystore.location",
                "ssl.keystore.certificate.chain",
                "sasl.oauthbearer.token.endpoint.url"
            })
    void shows_what_is_no_secret(String key) {
        Profile profile = profile(key, "plain");

        assertThat(profile.masked()).hasToString("{" + key + "=plain}");
        assertThat(profile.secrets()).isEmpty();
    }

    @Test
    void masks_the_value_of_a_placeholder() {
        Profile profile = new Profile(
                "prod", new TreeMap<>(Map.of("client.id", "x-alice", "acks", "all")), List.of(), Set.of("alice"));

        assertThat(profile.masked()).hasToString("{acks=all, client.id=x-********}");
        assertThat(profile.secrets()).containsExactly("alice");
        assertThat(profile.holdsSecret("client.id")).isTrue();
        assertThat(profile.holdsSecret("acks")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://id:hunter2@host/token, https://id:********@host/token, hunter2",
        "'https://id:p%2Fw@a,https://id:q/w@b', 'https://id:********@a,https://id:********@b', 'p%2Fw,p/w,q/w'",
        "https://host:8080/a@b, https://host:8080/a@b, ''"
    })
    void masks_the_password_of_a_url(String value, String shown, String secrets) {
        Profile profile = profile("sasl.oauthbearer.token.endpoint.url", value);

        assertThat(profile.masked().values()).containsExactly(shown);
        assertThat(String.join(",", profile.secrets())).isEqualTo(secrets);
        assertThat(profile.holdsSecret("sasl.oauthbearer.token.endpoint.url")).isEqualTo(!secrets.isEmpty());
    }

    @Test
    void knows_its_secrets() {
        assertThat(profile("ssl.key.password", "p1", "ssl.truststore.password", "p2", "client.id", "c")
                        .secrets())
                .containsExactly("p1", "p2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "username=\"u\" password=\"hunter2\"",
                "username=\"u\" password='hunter2'",
                "password=hunter2 username=u",
                "password = \"hunter2\"",
                "clientId=\"c\" clientSecret=\"hunter2\"",
                "secret=\"hunter2\"",
                "user_password=\"x\" password=\"hunter2\""
            })
    void knows_the_password_within_a_jaas_configuration(String options) {
        assertThat(withJaas(options).secrets()).contains("hunter2");
    }

    @Test
    void knows_a_password_with_escaped_quotes_as_written_and_as_meant() {
        assertThat(withJaas("password=\"a\\\"b\\\\c\"").secrets()).contains("a\\\"b\\\\c", "a\"b\\c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "\\\\", "\\\"", "' ", "password=", "=;"})
    void knows_a_password_of_any_length(String piece) {
        String password = piece.repeat(100_000);

        assertThat(withJaas("username=\"u\" password=\"" + password + "\"").secrets())
                .contains(password);
    }

    @Test
    void takes_a_password_whose_quote_is_not_closed_for_a_secret_to_its_end() {
        assertThat(profile("sasl.jaas.config", "x required password=\"one two").secrets())
                .contains("one two");
        assertThat(profile("sasl.jaas.config", "x required password=\"one two\\")
                        .secrets())
                .contains("one two\\");
    }

    @Test
    void knows_the_whole_jaas_configuration_as_a_secret() {
        assertThat(withJaas("password=\"p\"").secrets())
                .containsExactly("x.PlainLoginModule required password=\"p\";", "p");
    }

    @Test
    void knows_the_password_behind_a_user_name() {
        assertThat(profile("basic.auth.user.info", "alice:hunter2").secrets()).contains("hunter2");
    }
}
