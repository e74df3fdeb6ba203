package dev.agentrelay.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebConsoleTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port = FreePorts.next();
  private final Routes routes = Routes.read(Path.of("..", "routes.yaml"));

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  @Test
  void aloneItAnswersTheRootAndTheAddressesOfSessions() throws Exception {
    try (Edge edge = edge(WebConsole.alone())) {
      for (String path : List.of("/", "/session/s1", "/console/")) {
        HttpResponse<String> page = get(path);
        assertThat(page.statusCode()).as(path).isEqualTo(200);
        assertThat(page.body()).contains("/console/main.js").doesNotContain("style=");
      }
      assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void besideAWebUiItKeepsToItsFolder() throws Exception {
    try (Edge edge = edge(WebConsole.beside(request -> request.response().end("other")))) {
      assertThat(get("/").body()).isEqualTo("other");
      assertThat(get("/console/").body()).contains("/console/main.js");
      assertThat(get("/console").headers().firstValue("Location")).contains("/console/");
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void nothingInlineMayRun() throws Exception {
    try (Edge edge = edge(WebConsole.alone())) {
      assertThat(get("/").headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("script-src 'self';", "style-src 'self';", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void filesAreZippedAndAskedForOnce() throws Exception {
    try (Edge edge = edge(WebConsole.alone())) {
      HttpResponse<String> zipped = get("/console/main.js", "Accept-Encoding", "gzip");
      assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
      assertThat(zipped.headers().firstValue("Cache-Control")).contains("no-cache");
      String tag = zipped.headers().firstValue("ETag").orElseThrow();
      assertThat(get("/console/main.js", "If-None-Match", tag).statusCode()).isEqualTo(304);
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void whatIsNoFileOfItsIs404() throws Exception {
    try (Edge edge = edge(WebConsole.alone())) {
      for (String path : List.of("/console/none.js", "/console/..%2fx.js", "/console/a/b.js")) {
        assertThat(get(path).statusCode()).as(path).isEqualTo(404);
      }
      assertThat(edge).isNotNull();
    }
  }

  private Edge edge(WebConsole pages) {
    return Edge.start(port, routes, Map.of(), pages, true);
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
