package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who opens a WebSocket through a tunnel, and what of it the app gets to see (tunnel.md 6). */
@QuarkusTest
class SocketGateTest extends TunnelTest {

  @ParameterizedTest
  @CsvSource({
    "USER, /api/tunnel/runner/RUNNER/0/ws, 400",
    "USER, /api/tunnel/runner/RUNNER/70000/ws, 400",
    "USER, /api/tunnel/runner/RUNNER/5173/%2e%2e/ws, 400",
    "USER, /api/tunnel/runner/RUNNER/3000/ws, 404",
    "USER, /api/tunnel/runner/nobody/5173/ws, 404",
    "USER, /api/tunnel/nosession/5173/ws, 404",
    "STRANGER, /api/tunnel/runner/RUNNER/5173/ws, 403",
    "STRANGER, /api/tunnel/SESSION/5173/ws, 403",
    "wrong, /api/tunnel/runner/RUNNER/5173/ws, 401",
    "wrong, /api/tunnel/auth/wrong/runner%3ARUNNER/5173/ws, 401",
    "USER, /api/tunnel/ALONE/5173/ws, 503"
  })
  void whoMayNotIsToldSoAndTheRunnerIsNotAsked(String key, String path, int status) {
    ScriptedTunnel tunnel = tunnel();
    expose(runner, "[" + PORT + "]");
    SessionId session = session(user, runner.value());
    String url =
        path.replace("RUNNER", runner.value())
            .replace("SESSION", session.value())
            .replace("ALONE", session(user, "").value());
    String credential =
        key.replace("USER", TestingIdentities.apiKey(user))
            .replace("STRANGER", TestingIdentities.apiKey(stranger));
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("x-api-key", credential)
            .buildAsync(socketAddress(url), new ViewerSocket());
    assertThat(refusal(dialing)).isEqualTo(status);
    assertThat(tunnel.inbox().all()).noneMatch(frame -> frame.optString("type").equals("ws-open"));
  }

  @Test
  void credentialsOfTheRelayNeverReachTheAppsSocket() {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<WebSocket> dialing =
        HTTP.newWebSocketBuilder()
            .header("Cookie", TestingIdentities.cookie(user) + "; other=1; tunnel.own=2")
            .header("Authorization", "Bearer secret")
            .header("Referer", "http://localhost:7492/session/1")
            .header("X-PizzaPi-Client-Ip", "1.2.3.4")
            .header("X-Forwarded-Prefix", "/evil")
            .header("Origin", "http://localhost:7492")
            .buildAsync(
                socketAddress(base() + "/ws?a=1&apiKey=wrong&tunnelToken=t&raw"),
                new ViewerSocket());
    JSONObject opening = tunnel.await("ws-open");
    assertThat(opening.optString("path")).isEqualTo("/ws?a=1&raw");
    assertThat(opening.optBoolean("preserveAuth")).isTrue();
    assertThat(Json.objectAt(opening, "headers").toMap())
        .containsEntry("cookie", "own=2")
        .containsEntry("origin", "http://127.0.0.1:" + PORT)
        .containsEntry("x-forwarded-prefix", base())
        .doesNotContainKeys("authorization", "referer", "x-pizzapi-client-ip");
    tunnel.socketOpened(idOf(opening), null);
    assertThat(dialing).succeedsWithin(LIMIT);
  }

  /** Behind the gate is a runner without a tunnel, 503. */
  @ParameterizedTest
  @CsvSource({
    "true, '', https://evil.example, '', 403",
    "true, '', null, '', 403",
    "true, '', '', cross-site, 403",
    "true, query, https://evil.example, '', 403",
    "true, header, https://evil.example, '', 503",
    "true, '', http://localhost:7492, '', 503",
    "true, '', '', same-origin, 503",
    "false, query, https://evil.example, '', 503",
    "false, header, https://evil.example, '', 503",
    "false, '', '', '', 401"
  })
  void aCookieOpensASocketForPagesOfTheRelayOnly(
      boolean cookie, String key, String origin, String site, int status) {
    register(runner, user);
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (cookie) {
      builder.header("Cookie", TestingIdentities.cookie(user));
    }
    if (key.equals("header")) {
      builder.header("x-api-key", TestingIdentities.apiKey(user));
    }
    if (!origin.isEmpty()) {
      builder.header("Origin", origin);
    }
    if (!site.isEmpty()) {
      builder.header("Sec-Fetch-Site", site);
    }
    String query = key.equals("query") ? "?apiKey=" + TestingIdentities.apiKey(user) : "";
    String session = "/api/tunnel/" + session(user, runner.value()) + "/" + PORT + "/ws";
    for (String path : new String[] {base() + "/ws", session}) {
      assertThat(refusal(builder.buildAsync(socketAddress(path + query), new ViewerSocket())))
          .isEqualTo(status);
    }
  }
}
