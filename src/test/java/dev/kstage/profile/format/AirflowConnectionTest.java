package dev.kstage.profile.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kstage.profile.PropertyChange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a connection, as Airflow 3.3 reads them. */
class AirflowConnectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String properties(String text) {
        RawProfile written = AirflowConnection.ofText(text);
        assertThat(written.unusable()).isNull();
        return written.properties().toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"conn_type\":\"kafka\",\"extra\":{\"bootstrap.servers\":\"kafka:9092\",\"group.id\":\"etl\"}}",
                "{\"conn_type\":\"kafka\",\"extra\":\"{\\\"bootstrap.servers\\\":\\\"kafka:9092\\\",\\\"group.id\\\":\\\"etl\\\"}\"}",
                "{\"conn_type\":\"kafka\",\"extra_dejson\":{\"bootstrap.servers\":\"kafka:9092\",\"group.id\":\"etl\"}}",
                " {\"extra\":{\"bootstrap.servers\":\"kafka:9092\",\"group.id\":\"etl\"}}\n",
                "kafka:///?bootstrap.servers=kafka%3A9092&group.id=etl",
                "kafka:///?bootstrap.servers=kafka:9092&group.id=etl#comment",
                "kafka://?bootstrap.servers=kafka%3A9092&group.id=x&group.id=etl",
                "KAFKA://ignored:1/ignored?bootstrap.servers=kafka%3A9092&group.id=etl",
                "kafka:///?__extra__=%7B%22bootstrap.servers%22%3A+%22kafka%3A9092%22%2C+%22group.id%22%3A+%22etl%22%7D",
            })
    void reads_every_form_of_a_connection(String text) {
        assertThat(properties(text)).isEqualTo("{bootstrap.servers=kafka:9092, group.id=etl}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two words",
                "quo\"te and 'quote'",
                "100%",
                "%41",
                "a@b:c/d?e#f&g=h",
                "semi;colon",
                "back\\slash\\",
                "+ plus",
                "pässwörd ĸ€ 😀",
                "\"",
                "${env:HOME}",
                " spaces around ",
            })
    void keeps_every_character_of_a_password(String password) throws IOException {
        Map<String, String> extra = Map.of("bootstrap.servers", "k:1", "sasl.password", password, "sasl.username", "u");
        String json = JSON.writeValueAsString(extra);

        for (String text : new String[] {
            "kafka:///?bootstrap.servers=k%3A1&sasl.username=u&sasl.password=" + encoded(password),
            "kafka:///?bootstrap.servers=k%3A1&sasl.username=u&sasl.password="
                    + encoded(password).replace("+", "%20"),
            "kafka:///?__extra__=" + encoded(json),
            JSON.writeValueAsString(Map.of("conn_type", "kafka", "extra", extra)),
            JSON.writeValueAsString(Map.of("conn_type", "kafka", "extra", json)),
        }) {
            assertThat(AirflowConnection.ofText(text).properties())
                    .as(text)
                    .containsEntry("sasl.password", password)
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6000|6000",
                "007|007",
                "1.50|1.5",
                "true|true",
                "%22x%22|x",
                "a+b|a b",
                "a%2Bb|a+b",
                "|",
                "100%|100%",
                "%zz|%zz"
            })
    void takes_a_parameter_for_what_it_means_as_airflow_does(String written, String meant) {
        assertThat(AirflowConnection.ofText("kafka:///?bootstrap.servers=k&x=" + (written == null ? "" : written))
                        .properties())
                .containsEntry("x", meant == null ? "" : meant);
    }

    @Test
    void writes_numbers_and_booleans_of_extra_as_text_and_leaves_out_nulls() {
        RawProfile written = AirflowConnection.ofText(
                "{\"conn_type\":\"kafka\",\"extra\":{\"bootstrap.servers\":\"k:1\",\"a\":5,\"b\":false,\"c\":null}}");

        assertThat(written.properties()).hasToString("{a=5, b=false, bootstrap.servers=k:1}");
        assertThat(written.changes()).extracting(PropertyChange::from).containsExactly("c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka://broker:9093|broker:9093",
                "kafka://broker|broker:9092",
                "kafka://a:1,b:2|a:1,b:2",
                "kafka://u:p%40@broker:9093/|broker:9093",
                "kafka://[::1]:9093|[::1]:9093",
                "{\"conn_type\":\"kafka\",\"host\":\"broker\",\"port\":9093}|broker:9093",
                "{\"conn_type\":\"kafka\",\"host\":\"a:1, b\",\"port\":null,\"extra\":\"\"}|a:1,b:9092",
            })
    void takes_host_and_port_where_there_are_no_servers_and_warns(String text, String servers) {
        RawProfile written = AirflowConnection.ofText(text);

        assertThat(written.properties()).hasToString("{bootstrap.servers=" + servers + "}");
        assertThat(written.changes())
                .filteredOn(change -> "bootstrap.servers".equals(change.to()))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.weight()).isEqualTo(PropertyChange.Weight.WARNED);
                    assertThat(change.why()).contains("Airflow ignores host and port");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka://u:p@k:1?bootstrap.servers=k%3A1",
                "{\"conn_type\":\"kafka\",\"password\":\"p\",\"extra\":{\"bootstrap.servers\":\"k:1\"}}"
            })
    void warns_that_login_and_password_do_not_count(String text) {
        assertThat(AirflowConnection.ofText(text).changes())
                .singleElement()
                .extracting(PropertyChange::why)
                .asString()
                .contains("put sasl.username and sasl.password there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres://u:p@h/db|its conn_type is postgres, not kafka",
                "google-cloud-platform://|its conn_type is google_cloud_platform, not kafka",
                "{\"conn_type\":\"http\"}|its conn_type is http, not kafka",
                "{\"host\":\"x\"}|it has no conn_type",
                "{\"conn_type\":\"kafka\",\"extra\":\"canary\"}|its extra is not a JSON object",
                "{\"conn_type\":\"kafka\",\"extra\":[1]}|its extra is not a JSON object",
                "kafka:///?__extra__=canary|its extra is not a JSON object",
                "{canary|its JSON is not valid",
                "localhost:9092|it is neither JSON nor a URI",
                "kafka:///?a=k:1&url=https://canary|it is neither JSON nor a URI",
                "kafka://a://b://c|it is neither JSON nor a URI",
            })
    void tells_why_another_connection_is_not_used(String text, String why) {
        assertThat(AirflowConnection.ofText(text).unusable()).startsWith(why).doesNotContain("canary");
    }
}
