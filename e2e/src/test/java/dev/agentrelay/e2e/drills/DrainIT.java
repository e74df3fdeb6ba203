package dev.agentrelay.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway that is asked to end takes leave in good order. */
@Isolated
class DrainIT extends SuiteTest {
  private static final int MANY = 20;
  private static final Duration SPREAD = Duration.ofMillis(500);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Part gateway = suite.part("runner-gateway-1");
  private final URI url = suite.gatewayA().url();

  @Test
  void aGatewayThatIsToEndTakesNobodyAndFinishesWhatItHas() throws Exception {
    Queue<Long> losses = new ConcurrentLinkedQueue<>();
    List<ScriptedHub> hubs = new ArrayList<>();
    ClientOptions here = me.at(url);
    for (int each = 0; each < MANY; each++) {
      ScriptedHub hub = open(ScriptedHub.connect(here));
      hub.socket().on("disconnect", lost -> losses.add(System.nanoTime()));
      hubs.add(hub);
    }
    ScriptedRunner runner =
        open(ScriptedRunner.connect(me.at(suite.gatewayB().url()), RunnerScript.standard()));
    CompletableFuture<String> asked = new CompletableFuture<>();
    runner.socket().on("list_files", request -> asked.complete(request.text("requestId")));
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> listFiles(runner));
    String requestId = asked.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

    CompletableFuture<Void> end = CompletableFuture.runAsync(gateway::terminate);
    await("it is not ready")
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !suite.gatewayA().isReady());
    assertThat(gateway.process().isAlive()).isTrue();
    assertThat(status("/socket.io/?EIO=4&transport=polling")).as("a new socket").isEqualTo(503);
    await("all sockets are closed").atMost(LIMIT).until(() -> losses.size() == MANY);
    runner.emit(
        "file_result", Json.object("requestId", requestId, "ok", true, "files", Json.array("one")));

    assertThat(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS).statusCode())
        .as("what was under way")
        .isEqualTo(200);
    end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    for (ScriptedHub hub : hubs) {
      assertThat(hub.inbox().await(received -> received.is("disconnect"), LIMIT).text("message"))
          .isEqualTo("transport close");
    }
    long spread = losses.stream().mapToLong(Long::longValue).summaryStatistics().getMax();
    assertThat(Duration.ofNanos(spread - losses.peek())).isGreaterThan(SPREAD);
  }

  @AfterEach
  void startAgain() {
    gateway.ensureUp();
  }

  private HttpResponse<String> listFiles(ScriptedRunner runner) {
    return me.rest(url)
        .exchange(
            "POST", "/api/runners/" + runner.runnerId() + "/files", Json.object("path", "/src"));
  }

  private int status(String path) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT).build(),
              BodyHandlers.discarding())
          .statusCode();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
