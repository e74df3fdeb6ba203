package dev.agentrelay.local.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.testkit.stores.FreePorts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePorts.next();
  private final Path folder;
  private final Routes routes = Routes.read(Path.of("..", "routes.yaml"));

  EdgeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void writeUi() throws IOException {
    Files.writeString(folder.resolve("index.html"), "<script>boot()</script>the ui");
    Files.writeString(folder.resolve("sw.js"), "worker");
    Files.createDirectory(folder.resolve("assets"));
    Files.writeString(folder.resolve("assets/app.js"), "app");
    Files.writeString(folder.resolve("site.webmanifest"), "{}");
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void replicasTakeTurnsAndADeadOneIsSteppedOver() throws Exception {
    int dead = FreePorts.next();
    try (Edge edge = edge(Map.of("runner-gateway", List.of(server("a"), server("b"), at(dead))))) {
      List<String> answers = IntStream.range(0, 6).mapToObj(each -> get("/health").body()).toList();

      assertThat(answers).containsExactly("a", "b", "a", "a", "b", "a");
      assertThat(edge).isNotNull();
    }
  }

  /** It would send everybody away who comes. */
  @Test
  void aReplicaThatIsNotReadyIsAskedOnlyWhenNoneIs() {
    try (Edge edge = edge(Map.of("runner-gateway", List.of(unready("a"), server("b"))))) {
      await()
          .atMost(LIMIT)
          .until(() -> Stream.generate(() -> get("/health").body()).limit(4).allMatch("b"::equals));
      assertThat(edge).isNotNull();
    }
    try (Edge edge = edge(Map.of("runner-gateway", List.of(unready("a"), unready("a"))))) {
      assertThat(get("/health").body()).isEqualTo("a");
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void everyPathOfATunnelsHostIsTheTunnels() throws IOException {
    try (Edge edge =
        edge(
            Map.of(
                "tunnel-service", List.of(server("tunnel")),
                "runner-gateway", List.of(server("gateway"))))) {
      assertThat(raw("/health", "Abc.Tunnels.localhost:7492")).endsWith("tunnel");
      assertThat(raw("/health", "tunnels.localhost")).endsWith("gateway");
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void aServiceThatIsAwayIs503() {
    try (Edge edge = edge(Map.of("runner-gateway", List.of(at(FreePorts.next()))))) {
      HttpResponse<String> answer = get("/api/runners");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void filesAreServedWithTheirTypeAndLifetime() {
    try (Edge edge = edge(Map.of())) {
      HttpResponse<String> app = get("/assets/app.js");
      assertThat(app.body()).isEqualTo("app");
      assertThat(app.headers().firstValue("Content-Type")).get().asString().contains("javascript");
      assertThat(app.headers().firstValue("Cache-Control"))
          .contains("public, max-age=31536000, immutable");
      assertThat(get("/sw.js").headers().firstValue("Cache-Control")).contains("no-cache");
      assertThat(get("/site.webmanifest").headers().firstValue("Content-Type")).isEmpty();
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void pathsOfTheUiGetItsPageAndItsInlineScriptIsAllowed() {
    try (Edge edge = edge(Map.of())) {
      for (String path : List.of("/", "/session/s1", "/api", "/assets/missing.js", "/health/")) {
        HttpResponse<String> page = get(path);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).endsWith("the ui");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
            .contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-");
      }
      assertThat(edge).isNotNull();
    }
  }

  /** As the original has it: such a path is a page, whatever the method (rest.md 1.1). */
  @Test
  void aPageIsAnsweredWhateverTheMethod() throws Exception {
    try (Edge edge = edge(Map.of())) {
      for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
        HttpResponse<String> page =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/session/s1"))
                    .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).as(method).isEqualTo(200);
        assertThat(page.body()).endsWith("the ui");
      }
      HttpResponse<String> head =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/session/s1"))
                  .HEAD()
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void theConsoleTakesWhatNobodyHasAndKeepsItsFolderBesideAWebUi() throws IOException {
    Map<String, List<Upstream>> services = Map.of("auth-service", List.of(server("the console")));
    try (Edge alone = Edge.start(port, routes, services, List.of(), true)) {
      assertThat(get("/").body()).isEqualTo("the console");
      assertThat(get("/session/s1").body()).isEqualTo("the console");
      assertThat(alone).isNotNull();
    }
    try (Edge beside = edge(services)) {
      assertThat(get("/").body()).endsWith("the ui");
      assertThat(get("/console/").body()).isEqualTo("the console");
      assertThat(beside).isNotNull();
    }
  }

  @Test
  void whatIsNoPageIs404() throws Exception {
    Files.writeString(folder.resolveSibling("outside.txt"), "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolveSibling("outside.txt"));
    try (Edge edge = edge(Map.of())) {
      for (String path :
          List.of(
              "/api/unknown",
              "/internal/callers",
              "/q/health",
              "/assets",
              "/link.txt",
              "/../outside.txt",
              "/%2e%2e/outside.txt",
              "/..%2foutside.txt",
              "/%00")) {
        String answer = raw(path);
        assertThat(answer).as(path).startsWith("HTTP/1.1 404").contains("{\"error\":\"Not found\"");
      }
      assertThat(edge).isNotNull();
    }
  }

  @Test
  void aTakenPortIsSaidInOneSentence() {
    try (Edge edge = edge(Map.of())) {
      assertThatThrownBy(() -> edge(Map.of()))
          .isInstanceOf(LauncherException.class)
          .hasMessage("Port " + port + " is taken by another program; choose one with --port.");
      assertThat(edge).isNotNull();
    }
  }

  private Edge edge(Map<String, List<Upstream>> services) {
    return Edge.start(port, routes, services, List.of(new WebUi(folder)), true);
  }

  private Upstream server(String answer) {
    return at(listen(request -> request.response().end(answer)));
  }

  /** One that says so of itself. */
  private Upstream unready(String answer) {
    int health = listen(request -> request.response().setStatusCode(503).end());
    return new Upstream(
        server(answer).address(), Optional.of(URI.create("http://127.0.0.1:" + health)));
  }

  private int listen(Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer()
        .requestHandler(handler)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .actualPort();
  }

  private static Upstream at(int port) {
    return new Upstream(SocketAddress.inetSocketAddress(port, "127.0.0.1"), Optional.empty());
  }

  private HttpResponse<String> get(String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private String raw(String path) throws IOException {
    return raw(path, "x");
  }

  private String raw(String path, String host) throws IOException {
    String request =
        String.join(
            "\r\n", "GET " + path + " HTTP/1.1", "Host: " + host, "Connection: close", "", "");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
