package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.stores.OwnStores;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached is worth a retry: nothing is said to be gone, nobody refused. */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "redis"),
    restrictToAnnotatedClass = true)
class StoresAwayTest extends TunnelTest {
  private static final Duration RECONNECTED = Duration.ofSeconds(30);

  @Test
  void runnersAndViewersComeThroughWithoutRedis() throws Exception {
    ScriptedTunnel before = tunnel();
    JSONObject token = minted();
    CompletableFuture<HttpResponse<InputStream>> events =
        HTTP.sendAsync(mine(base() + "/events").build(), BodyHandlers.ofInputStream());
    String id = idOf(before.awaitRequest("/events"));
    before.responseStart(id, 200, Map.of("content-type", "text/event-stream"));
    InputStream open = events.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body();

    OwnStores.kill("redis");
    expectUnavailable(exchange(mine(base() + "/")));
    expectUnavailable(exchange(mine("/api/tunnel/some-session/" + PORT + "/")));
    expectUnavailable(exchange(anyone(token.optString("url"))));
    expectUnavailable(mint("{\"runnerId\":\"" + runner + "\",\"port\":" + PORT + "}"));
    before.responseData(id, new byte[] {'o', 'n'});
    assertThat(open.readNBytes(2)).asString().isEqualTo("on");

    ScriptedTunnel waiting = open(ScriptedTunnel.dial(as(user))).register(runner.value());
    for (int i = 0; i < 5; i++) { // more than two seconds, in which it is tried again
      awaitPing(before);
    }
    assertThat(waiting.inbox().all()).isEmpty();
    assertThat(waiting.isClosed()).isFalse();

    OwnStores.startAgain("redis");
    waiting.inbox().await(frame -> frame.optString("type").equals("registered"), RECONNECTED);
    register(runner, user);
    CompletableFuture<HttpResponse<String>> answered = send(mine(base() + "/back"));
    waiting.respond(idOf(waiting.awaitRequest("/back")), 200, Map.of(), "here");
    assertThat(answer(answered).body()).isEqualTo("here");
  }

  private static void expectUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
    assertThat(answer.body()).contains("\"code\":\"unavailable\"");
  }
}
