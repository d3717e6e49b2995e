import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Run by scripts/check-advisories: asks OSV about every component of the SBOM in the jar that is its class path.
 *
 * <p>Argument: the address of the server.
 */
final class Advisories {
    private static final String SBOM = "META-INF/sbom/kstage.cdx.json";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,80}");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_PAGES = 100;
    private static final JsonMapper JSON = new JsonMapper();

    private final URI query;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private Advisories(String server) {
        query = URI.create(server).resolve("/v1/querybatch");
    }

    /** Something that was asked for, and the page of the answer that is wanted; the first has no name. */
    private record Question(String purl, String page) {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments[0]));
    }

    private static int run(String server) throws InterruptedException {
        try {
            List<String> components = components();
            if (components.isEmpty()) {
                return told("cannot look for advisories", "the jar has no " + SBOM, "scripts/build", 2);
            }
            SortedMap<String, SortedSet<String>> found = new Advisories(server).ask(components);
            found.forEach((purl, ids) -> ids.forEach(
                    id -> System.out.println(purl + "  " + id + "  https://osv.dev/vulnerability/" + id)));
            System.out.println(components.size() + " components, " + found.size() + " of them with advisories");
            return found.isEmpty() ? 0 : 1;
        } catch (IOException e) {
            return told(
                    "no answer about advisories",
                    server + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    "run it again where that address can be reached",
                    4);
        } catch (IllegalArgumentException e) {
            return told("cannot look for advisories", "OSV_API is not the address of a server", "leave it out", 2);
        }
    }

    private static int told(String what, String why, String remedy, int code) {
        System.err.println("check-advisories: " + what + "\n  why: " + why + "\n  try: " + remedy);
        return code;
    }

    /** The package URLs without what is of no matter to a version, such as {@code ?type=jar}. */
    private static List<String> components() throws IOException {
        try (InputStream from = ClassLoader.getSystemResourceAsStream(SBOM)) {
            if (from == null) {
                return List.of();
            }
            List<String> purls = new ArrayList<>();
            JSON.readTree(from)
                    .path("components")
                    .forEach(each -> purls.add(each.path("purl").asText().replaceFirst("\\?.*", "")));
            return purls;
        }
    }

    private SortedMap<String, SortedSet<String>> ask(List<String> purls) throws IOException, InterruptedException {
        SortedMap<String, SortedSet<String>> found = new TreeMap<>();
        List<Question> questions = purls.stream().map(purl -> new Question(purl, "")).toList();
        for (int page = 0; !questions.isEmpty(); page++) {
            if (page == MOST_PAGES) {
                throw new IOException("the answer has no end");
            }
            JsonNode results = answer(questions).path("results");
            if (results.size() != questions.size()) {
                throw new IOException("the answer is not to what was asked");
            }
            List<Question> next = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                String purl = questions.get(i).purl();
                for (JsonNode each : results.get(i).path("vulns")) {
                    String id = each.path("id").asText();
                    if (!ID.matcher(id).matches()) {
                        throw new IOException("the answer has an advisory without a usable id");
                    }
                    found.computeIfAbsent(purl, key -> new TreeSet<>()).add(id);
                }
                String token = results.get(i).path("next_page_token").asText("");
                if (!token.isEmpty()) {
                    next.add(new Question(purl, token));
                }
            }
            questions = next;
        }
        return found;
    }

    private JsonNode answer(List<Question> questions) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode queries = body.putArray("queries");
        for (Question each : questions) {
            ObjectNode query = queries.addObject();
            query.putObject("package").put("purl", each.purl());
            if (!each.page().isEmpty()) {
                query.put("page_token", each.page());
            }
        }
        HttpRequest request = HttpRequest.newBuilder(query)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the answer is " + response.statusCode());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new IOException("the answer is not JSON", e);
        }
    }
}
