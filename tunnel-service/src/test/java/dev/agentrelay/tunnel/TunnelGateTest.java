package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into which tunnel, in the order of tunnel.md 3.2, and that nothing else gets in. */
@QuarkusTest
class TunnelGateTest extends TunnelTest {
  private static final Pattern READS = Pattern.compile("cmdstat_hmget:calls=(\\d+)");

  @Test
  void withoutACredentialThereIsNoTunnel() {
    HttpResponse<String> answer = exchange(anyone(base() + "/"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("Missing API key (x-api-key header)");
  }

  @Test
  void aBadKeyIsNotHelpedByAGoodCookie() {
    HttpResponse<String> answer =
        exchange(
            anyone(base() + "/")
                .header("x-api-key", "wrong")
                .header("Cookie", TestingIdentities.cookie(user)));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("Invalid or expired API key");
  }

  @Test
  void aKeyInTheQueryIsNotTakenForRequests() {
    String path = base() + "/?apiKey=" + TestingIdentities.apiKey(user);
    assertThat(exchange(anyone(path)).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PROPFIND"})
  void otherMethodsAreNotAllowed(String method) {
    HttpResponse<String> answer =
        exchange(mine(base() + "/").method(method, BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).isEqualTo("Method not allowed");
    assertThat(answer.headers().firstValue("allow"))
        .contains("GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS");
  }

  /** Where a page comes from is asked before what it wants (tunnel.md 3.2, checks 1 and 2). */
  @ParameterizedTest
  @CsvSource({
    "TRACE, /api/tunnel/runner/RUNNER/3000/, https://evil.example, 403",
    "PROPFIND, /api/tunnel/nosession/3000/, https://evil.example, 403",
    "TRACE, /api/tunnel/auth/token/scope/3000/, https://evil.example, 403",
    "PUT, /api/tunnel-token, https://evil.example, 403",
    "TRACE, /api/tunnel/runner/RUNNER/3000/, http://localhost:7492, 405",
    "PUT, /api/tunnel-token, http://localhost:7492, 405"
  })
  void aPageOfAnotherSiteIsRefusedWhateverItsMethod(
      String method, String path, String origin, int status) {
    register(runner, user);
    HttpResponse<String> answer =
        exchange(
            anyone(path.replace("RUNNER", runner.value()))
                .header("Cookie", TestingIdentities.cookie(user))
                .header("Origin", origin)
                .method(method, BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .contains(status == 403 ? "Cross-origin request rejected" : "Method not allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/tunnel/runner/RUNNER/0/x, 400, Invalid port",
    "/api/tunnel/runner/RUNNER/70000/x, 400, Invalid port",
    "/api/tunnel/runner/RUNNER/99999999999999999999/x, 400, Invalid port",
    "/api/tunnel/nosession/0/x, 400, Invalid port",
    "/api/tunnel/runner/RUNNER/http/x, 404, Not found",
    "/api/tunnel/runner/nobody/3000/, 404, Runner not found",
    "/api/tunnel/runner/123, 404, Session not found",
    "/api/tunnel/nosession/3000/, 404, Session not found",
    "/api/tunnel/nosession, 404, Not found",
    "/api/tunnel/runner/%20/3000/, 400, Missing runner ID",
    "/api/tunnel/%20/3000/, 400, Missing session ID",
    "/api/tunnel/auth/token/%20/3000/, 400, Bad tunnel token path",
    "/api/tunnel/auth/token/runner%3ARUNNER/http/, 404, Not found",
    "/api/tunnel/runner/RUNNER/3000/%2e%2e/%2E./x, 400, Invalid path"
  })
  void badAddressesAreAnsweredByTheRelay(String path, int status, String text) {
    register(runner, user);
    HttpResponse<String> answer = exchange(mine(path.replace("RUNNER", runner.value())));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("\"error\":\"" + text + "\"");
  }

  @Test
  void foreignTunnelsAreForbiddenBeforeAnythingReachesTheRunner() {
    ScriptedTunnel tunnel = tunnel();
    String session = session(user, runner.value()).value();
    for (String path : new String[] {base() + "/", "/api/tunnel/" + session + "/3000/"}) {
      HttpResponse<String> answer =
          exchange(anyone(path).header("x-api-key", TestingIdentities.apiKey(stranger)));
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("\"error\":\"Forbidden\"");
      assertThat(answer.headers().firstValue("x-frame-options")).contains("DENY");
      assertThat(answer.headers().map()).containsKey("content-security-policy");
    }
    assertThat(tunnel.inbox().all())
        .noneMatch(frame -> frame.optString("type").startsWith("request"));
  }

  @Test
  void aSessionOnSomebodyElsesRunnerIsForbidden() {
    RunnerId foreign = new RunnerId(runner + "-foreign");
    register(foreign, stranger);
    String path = "/api/tunnel/" + session(user, foreign.value()) + "/3000/";
    assertThat(exchange(mine(path)).statusCode()).isEqualTo(403);
  }

  @Test
  void aSessionWithoutARunnerHasNoTunnel() {
    HttpResponse<String> answer = exchange(mine("/api/tunnel/" + session(user, "") + "/3000/"));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Session has no runner");
  }

  @Test
  void aRunnerWithoutATunnelIsNotAvailable() {
    register(runner, user);
    HttpResponse<String> answer = exchange(mine(base() + "/"));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Runner not available");
  }

  @Test
  void aPortThatIsNotExposedIsNotThereAndTheRunnerIsNotAsked() {
    ScriptedTunnel tunnel = tunnel();
    expose(runner, "[3000,8080]");
    HttpResponse<String> answer = exchange(mine(base() + "/"));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("Port " + PORT + " is not exposed");
    assertThat(answer.headers().map()).doesNotContainKey("content-type");
    assertThat(tunnel.inbox().all())
        .noneMatch(frame -> frame.optString("type").startsWith("request"));
  }

  @Test
  void aFrameShowsThatAPortIsNotExposed() {
    tunnel();
    expose(runner, "[3000]");
    HttpResponse<String> answer = exchange(mine(base() + "/").header("Sec-Fetch-Dest", "iframe"));
    assertThat(answer.body()).isEqualTo("Port " + PORT + " is not exposed");
    assertThat(answer.headers().map()).doesNotContainKey("x-frame-options");
  }

  @Test
  void aPortThatIsExposedIsThere() {
    ScriptedTunnel tunnel = tunnel();
    expose(runner, "[" + PORT + "]");
    var waiting = send(mine(base() + "/"));
    tunnel.respond(idOf(tunnel.awaitRequest("/")), 200, Map.of(), "here");
    assertThat(answer(waiting).body()).isEqualTo("here");
  }

  /** Its user may hear of the port before the record is written. */
  @Test
  void aPortThatIsExposedJustNowIsThere() {
    ScriptedTunnel tunnel = tunnel();
    expose(runner, "[3000]");
    long before = reads();
    var waiting = send(mine(base() + "/"));
    await().pollInterval(Duration.ofMillis(5)).atMost(LIMIT).until(() -> reads() > before);
    expose(runner, "[3000," + PORT + "]");
    tunnel.respond(idOf(tunnel.awaitRequest("/")), 200, Map.of(), "here");
    assertThat(answer(waiting).body()).isEqualTo("here");
  }

  /** How often the fields of a record have been read. */
  private long reads() {
    Matcher calls =
        READS.matcher(
            redis
                .send(Request.cmd(Command.INFO).arg("commandstats"))
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .toString());
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, '', true, 403",
    "null, '', true, 403",
    "'', cross-site, true, 403",
    "http://localhost:7492, '', true, 503",
    "'', same-origin, true, 503",
    "'', '', true, 503",
    "https://evil.example, '', false, 503"
  })
  void aPostWithACookieMustBeFromAPageOfTheRelay(
      String origin, String site, boolean cookie, int status) {
    register(runner, user); // and no tunnel: 503 is behind all gates
    HttpRequest.Builder request = cookie ? anyone(base() + "/") : mine(base() + "/");
    request.POST(BodyPublishers.ofString("x"));
    if (cookie) {
      request.header("Cookie", TestingIdentities.cookie(user));
    }
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    if (!site.isEmpty()) {
      request.header("Sec-Fetch-Site", site);
    }
    assertThat(exchange(request).statusCode()).isEqualTo(status);
  }

  @Test
  void whoOpensAPageOfADeadTunnelSeesAPage() {
    register(runner, user);
    HttpResponse<String> answer = exchange(mine(base() + "/").header("Sec-Fetch-Dest", "iframe"));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(answer.body()).contains("Runner not available").contains("http-equiv=\"refresh\"");
    assertThat(answer.headers().map()).doesNotContainKey("x-frame-options"); // it is in a frame
  }
}
