package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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
  void aHostOfItsOwnShowsTheAppAsItIs() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    assertThat(host).matches("[0-9a-f]{32}\\.tunnels\\.localhost");
    try (Socket viewer = viewer(host, "/_tunnel?apiKey=theapps")) {
      JSONObject request = tunnel.awaitRequest("/_tunnel?apiKey=theapps");
      assertThat(request.optString("host")).isEqualTo(host);
      assertThat(request.optBoolean("preserveAuth")).isTrue();
      assertThat(Json.objectAt(request, "headers").toMap())
          .containsEntry("cookie", "app=1")
          .containsEntry("authorization", "Bearer app")
          .containsEntry("x-forwarded-host", host)
          .containsEntry("x-forwarded-proto", "http");
      tunnel.respond(idOf(request), 200, HEADERS, PAGE);
      String answer = HttpTunnelTest.readUntil(viewer, PAGE);
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
    try (Socket viewer = viewer(host, "/")) {
      assertThat(HttpTunnelTest.readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 404")
          .contains("Unknown or expired tunnel");
    }
  }

  @Test
  void aHostEndsWithTheRunnersOwnership() throws IOException {
    tunnel();
    String host = URI.create(minted().optString("hostUrl")).getHost();
    register(runner, stranger);
    try (Socket viewer = viewer(host, "/")) {
      assertThat(HttpTunnelTest.readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 401")
          .contains("Tunnel revoked");
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

  private Socket viewer(String host, String url) throws IOException {
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
                    + "Authorization: Bearer app\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }
}
