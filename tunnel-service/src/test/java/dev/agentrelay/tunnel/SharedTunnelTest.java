package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens and hosts of their own for tunnels: X46 to X48 of rest.md, tunnel.md 7. */
@QuarkusTest
class SharedTunnelTest extends TunnelTest {
  private static final String PAGE = "<head></head><a href=\"/x\">";
  private static final Map<String, Object> HEADERS =
      Map.of(
          "content-type", "text/html",
          "x-frame-options", "DENY",
          "content-security-policy", "default-src 'none'",
          "location", "http://127.0.0.1:5173/next",
          "set-cookie", new JSONArray(List.of("a=1; Domain=example.org; Path=/")));

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`nonsense`, 400, Invalid JSON",
        "`[]`, 400, Invalid JSON",
        "`{}`, 400, Missing session or runner ID",
        "`{\"runnerId\":\"nobody\"}`, 400, Invalid port",
        "`{\"runnerId\":\"nobody\",\"port\":0}`, 400, Invalid port",
        "`{\"runnerId\":\"nobody\",\"port\":70000}`, 400, Invalid port",
        "`{\"runnerId\":\"nobody\",\"port\":3000}`, 404, Runner not found",
        "`{\"sessionId\":\"nobody\",\"port\":\"3000\"}`, 404, Session not found",
        "`{\"runnerId\":\"RUNNER\",\"port\":3000}`, 403, Forbidden"
      })
  void whatCannotBeSharedIsSaid(String body, int status, String text) {
    register(runner, stranger);
    HttpResponse<String> answer = mint(body.replace("RUNNER", runner.value()));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("\"error\":\"" + text + "\"");
  }

  @Test
  void onlyAPostByAKnownCallerMakesAToken() {
    assertThat(exchange(anyone("/api/tunnel-token")).statusCode()).isEqualTo(405);
    HttpResponse<String> anonymous =
        exchange(anyone("/api/tunnel-token").POST(BodyPublishers.ofString("{}")));
    assertThat(anonymous.statusCode()).isEqualTo(401);
  }

  @Test
  void aTokenOpensItsTunnelWithoutAnyOtherCredential() {
    ScriptedTunnel tunnel = tunnel();
    String url = minted().optString("url");
    assertThat(url).contains("/runner%3A");
    CompletableFuture<HttpResponse<String>> waiting = send(anyone(url + "page"));
    JSONObject request = tunnel.awaitRequest("/page");
    assertThat(request.has("preserveAuth")).isFalse();
    tunnel.respond(idOf(request), 200, HEADERS, PAGE);
    HttpResponse<String> answer = answer(waiting);
    assertThat(answer.body()).contains("<a href=\"" + url + "x\">");
    assertThat(answer.headers().map())
        .doesNotContainKeys("x-frame-options", "content-security-policy")
        .containsEntry("referrer-policy", List.of("no-referrer"));
  }

  @Test
  void aTokenIsGoodForItsPortAndScopeOnly() {
    tunnel();
    JSONObject minted = minted();
    for (String url :
        List.of(
            minted.optString("url").replace("/" + PORT + "/", "/3000/"),
            minted.optString("url").replace(runner.value(), "other"),
            minted.optString("url").replace("/auth/", "/auth/x"))) {
      HttpResponse<String> answer = exchange(anyone(url));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("Invalid or expired tunnel token");
    }
  }

  @Test
  void aTokenEndsWithTheRunnersOwnership() {
    tunnel();
    String url = minted().optString("url");
    register(runner, stranger);
    HttpResponse<String> answer = exchange(anyone(url));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("Tunnel token revoked");
  }

  @Test
  void aTokenOfASessionEndsWithIt() {
    ScriptedTunnel tunnel = tunnel();
    SessionId session = session(user, runner.value());
    HttpResponse<String> minted =
        mint("{\"sessionId\":\"" + session + "\",\"runnerId\":\"other\",\"port\":" + PORT + "}");
    String url = Json.parse(minted.body()).optString("url");
    assertThat(url).contains("/" + session + "/");
    CompletableFuture<HttpResponse<String>> waiting = send(anyone(url));
    tunnel.respond(idOf(tunnel.awaitRequest("/")), 200, Map.of(), "the session's");
    assertThat(answer(waiting).body()).isEqualTo("the session's");

    redis(Request.cmd(Command.DEL).arg(LiveKeys.session(session)));
    HttpResponse<String> ended = exchange(anyone(url));
    assertThat(ended.statusCode()).isEqualTo(401);
    assertThat(ended.body()).contains("Tunnel token revoked");
  }

  @Test
  void aTokenOpensASocketWhateverThePage() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    String url = relay.resolve(minted().optString("url") + "ws").toString();
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("Origin", "https://webview.example")
            .header("Cookie", "some=1")
            .buildAsync(URI.create(url.replaceFirst("^http", "ws")), new ViewerSocket());
    JSONObject opening = tunnel.await("ws-open");
    assertThat(opening.optString("path")).isEqualTo("/ws");
    tunnel.socketOpened(idOf(opening), null);
    assertThat(dialing).succeedsWithin(LIMIT);
  }

  @Test
  void aHostOpensASocketWithWhatBelongsToTheApp() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    String upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://"
            + host
            + "\r\n";
    try (Socket viewer = visit(host, "/ws?apiKey=theapps", upgrade)) {
      JSONObject opening = tunnel.await("ws-open");
      assertThat(opening.optString("path")).isEqualTo("/ws?apiKey=theapps");
      assertThat(opening.optString("host")).isEqualTo(host);
      assertThat(Json.objectAt(opening, "headers").toMap())
          .containsEntry("cookie", "app=1")
          .containsEntry("origin", "http://" + host);
      tunnel.socketOpened(idOf(opening), null);
      assertThat(readUntil(viewer, "\r\n\r\n")).startsWith("HTTP/1.1 101");
    }
  }

  /** However often it was used: a label lives twelve hours at most. */
  @Test
  void aHostEnds() throws IOException {
    tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    String grant =
        Json.object("userId", user.value(), "scope", "runner:" + runner, "port", PORT, "maxExp", 1)
            .toString();
    String label = host.substring(0, host.indexOf('.'));
    redis(Request.cmd(Command.SET).arg("tunnel-host-label:" + label).arg(grant));
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 404")
          .contains("Unknown or expired tunnel");
    }
  }

  @Test
  void aHostOfItsOwnShowsTheAppAsItIs() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    assertThat(host).matches("[0-9a-f]{32}\\.tunnels\\.localhost");
    try (Socket viewer = visit(host, "/_tunnel?apiKey=theapps")) {
      JSONObject request = tunnel.awaitRequest("/_tunnel?apiKey=theapps");
      assertThat(request.optString("host")).isEqualTo(host);
      assertThat(request.optBoolean("preserveAuth")).isTrue();
      assertThat(Json.objectAt(request, "headers").toMap())
          .containsEntry("cookie", "app=1")
          .containsEntry("authorization", "Bearer app")
          .containsEntry("x-forwarded-host", host)
          .containsEntry("x-forwarded-proto", "http")
          .containsEntry("x-forwarded-for", "127.0.0.1")
          .doesNotContainKeys("x-forwarded-prefix", "forwarded");
      tunnel.respond(idOf(request), 200, HEADERS, PAGE);
      String answer = readUntil(viewer, PAGE);
      assertThat(answer)
          .contains("location: /next", "set-cookie: a=1; Path=/")
          .doesNotContain("x-frame-options", "content-security-policy", "Domain=");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tunnels.localhost",
    "0123456789abcdef.tunnels.localhost",
    "a.0123456789abcdef0123456789abcdef.tunnels.localhost",
    "short.tunnels.localhost"
  })
  void otherHostsOfTheDomainAreNobodys(String host) throws IOException {
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 404")
          .contains("Unknown or expired tunnel");
    }
  }

  @Test
  void aHostEndsWithTheRunnersOwnership() throws IOException {
    tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    register(runner, stranger);
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}")).startsWith("HTTP/1.1 401").contains("Tunnel revoked");
    }
  }

  private JSONObject minted() {
    HttpResponse<String> answer =
        mint("{\"runnerId\":\"" + runner + "\",\"port\":\"" + PORT + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  private HttpResponse<String> mint(String body) {
    return exchange(
        anyone("/api/tunnel-token")
            .header("x-api-key", TestingIdentities.apiKey(user))
            .POST(BodyPublishers.ofString(body)));
  }

  private Socket visit(String host, String url) throws IOException {
    return visit(host, url, "X-Forwarded-Prefix: /evil\r\nForwarded: for=evil\r\n");
  }

  private Socket visit(String host, String url, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + url
                    + " HTTP/1.1\r\nHost: "
                    + host
                    + "\r\nCookie: app=1\r\n"
                    + headers
                    + "Authorization: Bearer app\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }
}
