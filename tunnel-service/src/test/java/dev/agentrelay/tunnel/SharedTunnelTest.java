package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that open a tunnel: X46 and X47 of rest.md, tunnel.md 7. */
@QuarkusTest
class SharedTunnelTest extends TunnelTest {
  private static final String PAGE = "<head></head><a href=\"/x\">";
  private static final Map<String, Object> HEADERS =
      Map.of(
          "content-type", "text/html",
          "x-frame-options", "DENY",
          "content-security-policy", "default-src 'none'");

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
    HttpResponse<String> read = exchange(anyone("/api/tunnel-token"));
    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.body()).isEqualTo("Method not allowed");
    assertThat(read.headers().firstValue("allow")).contains("POST");
    HttpResponse<String> anonymous =
        exchange(anyone("/api/tunnel-token").POST(BodyPublishers.ofString("{}")));
    assertThat(anonymous.statusCode()).isEqualTo(401);
  }

  /** Whoever could make one would hold a credential that no page of theirs may have. */
  @Test
  void aPageOfAnotherSiteMakesNoToken() {
    register(runner, user);
    HttpResponse<String> answer =
        exchange(
            anyone("/api/tunnel-token")
                .header("Cookie", TestingIdentities.cookie(user))
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("{\"runnerId\":\"" + runner + "\",\"port\":1}")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("Cross-origin request rejected");
  }

  @Test
  void aTokenSaysWhenItEnds() {
    register(runner, user);
    String expiresAt = minted().optString("expiresAt");
    assertThat(expiresAt).matches(".*:\\d\\d(\\.000)?Z");
    assertThat(Instant.parse(expiresAt))
        .isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_600));
  }

  @Test
  void aTokenOpensItsTunnelWithoutAnyOtherCredential() {
    ScriptedTunnel tunnel = tunnel();
    JSONObject minted = minted();
    String url = minted.optString("url");
    assertThat(url).contains("/runner%3A");
    CompletableFuture<HttpResponse<String>> waiting =
        send(anyone(url + "page").header("Referer", relay.resolve(url).toString()));
    JSONObject request = tunnel.awaitRequest("/page");
    assertThat(request.has("preserveAuth")).isFalse();
    assertThat(request.toString()).doesNotContain(minted.optString("token"));
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
  void aTokenOfASessionEndsWithItAndWithItsOwnership() {
    ScriptedTunnel tunnel = tunnel();
    SessionId session = session(user, runner.value());
    HttpResponse<String> minted =
        mint("{\"sessionId\":\"" + session + "\",\"runnerId\":\"other\",\"port\":" + PORT + "}");
    String url = Json.parse(minted.body()).optString("url");
    assertThat(url).contains("/" + session + "/");
    CompletableFuture<HttpResponse<String>> waiting = send(anyone(url));
    tunnel.respond(idOf(tunnel.awaitRequest("/")), 200, Map.of(), "the session's");
    assertThat(answer(waiting).body()).isEqualTo("the session's");

    redis(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(session))
            .arg(SessionField.USER_ID.key())
            .arg(stranger.value()));
    assertThat(exchange(anyone(url)).body()).contains("Tunnel token revoked");

    redis(Request.cmd(Command.DEL).arg(LiveKeys.session(session)));
    HttpResponse<String> ended = exchange(anyone(url));
    assertThat(ended.statusCode()).isEqualTo(401);
    assertThat(ended.body()).contains("Tunnel token revoked");
  }

  @Test
  void aTokenOpensNoPortThatIsNotExposed() {
    ScriptedTunnel tunnel = tunnel();
    expose(runner, "[3000]");
    HttpResponse<String> answer = exchange(anyone(minted().optString("url")));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("Port " + PORT + " is not exposed");
    assertThat(tunnel.inbox().all())
        .noneMatch(frame -> frame.optString("type").equals("request-start"));
  }

  /** Forms of its pages are posted with {@code Origin: null}, and the browser's cookies. */
  @Test
  void aTokenTakesAPostWhateverThePage() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting =
        send(
            anyone(minted().optString("url") + "form")
                .header("Origin", "null")
                .header("Cookie", TestingIdentities.cookie(user))
                .POST(BodyPublishers.ofString("a=1")));
    JSONObject request = tunnel.awaitRequest("/form");
    assertThat(Json.objectAt(request, "headers").keySet()).doesNotContain("cookie");
    tunnel.respond(idOf(request), 200, Map.of(), "posted");
    assertThat(answer(waiting).body()).isEqualTo("posted");
  }

  @Test
  void aTokenOpensASocketWhateverThePage() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    String url = minted().optString("url") + "ws";
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("Origin", "https://webview.example")
            .header("Cookie", "some=1")
            .buildAsync(socketAddress(url), new ViewerSocket());
    JSONObject opening = tunnel.await("ws-open");
    assertThat(opening.optString("path")).isEqualTo("/ws");
    tunnel.socketOpened(idOf(opening), null);
    assertThat(dialing).succeedsWithin(LIMIT);
  }
}
