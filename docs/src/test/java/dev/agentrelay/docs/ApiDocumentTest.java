package dev.agentrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API document has every endpoint that the services serve. */
class ApiDocumentTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PLAIN =
      Pattern.compile("router\\.(?:route|post|get)\\(\"([^\"]+)\"");

  /** Of the console: they are for people, and none of the API. */
  private static final Set<String> PAGES = Set.of("/", "/session/:id", "/console");

  private static final List<Endpoint> ENDPOINTS = OpenApiDocument.endpoints(HOME);

  @Test
  void theContractsRoutesAreThere() {
    Set<String> served =
        ENDPOINTS.stream()
            .map(each -> each.method() + " " + each.path().replaceAll("\\{[^}]*\\}", "{}"))
            .collect(Collectors.toSet());
    assertThat(served).containsAll(ContractRoutes.ALL);
  }

  @Test
  void plainRoutesAreThere() {
    Stream<String> plain =
        Modules.services(HOME).stream()
            .flatMap(module -> JavaSource.below(Modules.sources(module)).stream())
            .flatMap(file -> PLAIN.matcher(JavaSource.text(file)).results())
            .map((MatchResult route) -> route.group(1).replace("*", ""))
            .filter(path -> !PAGES.contains(path));
    assertThat(plain)
        .isNotEmpty()
        .allSatisfy(path -> assertThat(ENDPOINTS).anyMatch(each -> each.path().startsWith(path)));
  }

  @Test
  void endpointsHaveNamesOfTheirOwn() {
    assertThat(ENDPOINTS.stream().map(each -> each.id() + each.method())).doesNotHaveDuplicates();
  }

  @Test
  void guardedEndpointsSayWhatTheyRefuse() {
    assertThat(ENDPOINTS)
        .filteredOn(each -> each.access() != Endpoint.Access.ANYONE)
        .allSatisfy(each -> assertThat(each.errors()).containsKeys(401, 503));
  }

  @Test
  void whatStandsInBracesIsToldWhole() {
    assertThat(ENDPOINTS)
        .filteredOn(each -> each.path().equals("/api/sessions/{sessionId}/events"))
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(each.summary())
                    .contains("`GET /api/sessions/{id}/events?after=&limit=`")
                    .contains("`{\"events\":[{\"cursor\",\"at\",\"event\"}]"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/sessions/{sessionId}/attachments, multipart/form-data",
    "POST, /api/webhooks/{id}/fire, */*",
    "POST, /api/tunnel-token, application/json",
    "PUT, /api/tunnel/{sessionId}/{port}/{path}, */*",
    "DELETE, /api/tunnel/runner/{runnerId}/{port}/{path}, */*",
    "OPTIONS, /api/tunnel/auth/{token}/{scope}/{port}/{path}, */*",
    "GET, /api/tunnel/{sessionId}/{port}/{path}, ",
    "POST, /api/sessions/{sessionId}/abort, "
  })
  void whatIsSentUpIsTold(String method, String path, @Nullable String type) {
    assertThat(ENDPOINTS)
        .filteredOn(each -> each.method().equals(method) && each.path().equals(path))
        .extracting(Endpoint::takes)
        .containsOnly(type);
  }

  @Test
  void headersHaveTheNamesThatTravel() {
    assertThat(
            ENDPOINTS.stream()
                .flatMap(each -> each.parameters().stream())
                .filter(each -> each.place().equals("header"))
                .map(Endpoint.Parameter::name))
        .isNotEmpty()
        .allMatch(name -> name.matches("[a-z-]+"))
        .doesNotContain("content-type", "content-length");
  }

  @Test
  void nothingInternalIsTold() {
    assertThat(ENDPOINTS).noneMatch(each -> each.path().startsWith("/internal"));
  }
}
