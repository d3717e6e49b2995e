package dev.kstage.installed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check for advisories, with a server that answers as OSV does. */
final class AdvisoriesIT {
    private final Installation kstage;
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Function<JsonNode, String> answer = AdvisoriesIT::nothing;

    AdvisoriesIT(@TempDir Path home) {
        kstage = Installation.in(home);
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/querybatch", exchange -> {
            JsonNode question =
                    Outcome.json(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            asked.add(question);
            byte[] body = answer.apply(question).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body.length == 0 ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Outcome check() {
        String script = Path.of("scripts/check-advisories").toAbsolutePath().toString();
        return kstage.with("OSV_API", "http://127.0.0.1:" + server.getAddress().getPort())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .shell("'" + script + "' '" + Installation.jar() + "'");
    }

    private static String nothing(JsonNode question) {
        return answer(question, "", "{}");
    }

    /** Answers {@code {}} to all but one package. */
    private static String answer(JsonNode question, String purlStart, String result) {
        List<String> results = new ArrayList<>();
        question.path("queries").forEach(each -> {
            String purl = each.path("package").path("purl").asText();
            results.add(!purlStart.isEmpty() && purl.startsWith(purlStart) ? result : "{}");
        });
        return "{\"results\":[" + String.join(",", results) + "]}";
    }

    @Test
    void without_advisories_it_ends_with_0_and_has_asked_for_every_artifact() {
        assertThat(check().expect(0).stdout()).matches("\\d+ components, 0 of them with advisories\n");

        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).path("queries").findValuesAsText("purl"))
                .hasSizeGreaterThan(40)
                .anyMatch(purl -> purl.matches("pkg:maven/at\\.yawk\\.lz4/lz4-java@[0-9.]+"))
                .noneMatch(purl -> purl.contains("?"));
    }

    @Test
    void an_advisory_is_listed_and_ends_with_1() {
        answer = question -> answer(question, "pkg:maven/at.yawk.lz4/", "{\"vulns\":[{\"id\":\"GHSA-test-0001\"}]}");

        assertThat(check().expect(1).stdout())
                .matches(
                        "(?s)pkg:maven/at\\.yawk\\.lz4/lz4-java@\\S+  GHSA-test-0001"
                                + "  https://osv.dev/vulnerability/GHSA-test-0001\n\\d+ components, 1 of them with advisories\n");
    }

    @Test
    void the_next_pages_are_asked_for() {
        answer = question -> question.path("queries").get(0).has("page_token")
                ? "{\"results\":[{\"vulns\":[{\"id\":\"GHSA-test-0002\"}]}]}"
                : answer(
                        question,
                        "pkg:maven/at.yawk.lz4/",
                        "{\"vulns\":[{\"id\":\"GHSA-test-0001\"}],\"next_page_token\":\"more\"}");

        assertThat(check().expect(1).stdout()).contains("GHSA-test-0001", "GHSA-test-0002");
        assertThat(asked.get(1).path("queries").get(0).path("page_token").asText())
                .isEqualTo("more");
    }

    @Test
    void no_answer_is_not_taken_for_none() {
        for (String useless : List.of("", "{\"results\":[]}")) {
            answer = question -> useless;
            assertThat(check().expect(4).stderr()).startsWith("check-advisories: no answer about advisories\n  why: ");
        }
        answer = question -> answer(question, "pkg:maven/at.yawk.lz4/", "{\"vulns\":[{\"id\":\"\\u001b[2J\"}]}");
        assertThat(check().expect(4).stderr()).doesNotContain("\u001b");
        server.stop(0);
        assertThat(check().expect(4).stderr()).contains("http://127.0.0.1:");
    }
}
