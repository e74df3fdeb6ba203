package dev.agentrelay.local.demo;

import dev.agentrelay.local.edge.Edge;
import dev.agentrelay.testkit.clients.AwaitTimeoutException;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.ConnectRefusedException;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Starts demo runners for whoever is signed in on this machine: the console asks for one with a key
 * of its user. They run until the launcher ends.
 */
public final class DemoRunners implements Edge.Pages {
  /** Where the console looks whether there is a demo, and asks for it. */
  static final String PATH = "/local/demo-runner";

  private static final int MOST = 4;
  private static final int LONGEST_REQUEST = 1024;

  private final URI relay;
  private final Semaphore places = new Semaphore(MOST);
  private final Queue<ScriptedRunner> running = new ConcurrentLinkedQueue<>();

  /**
   * @param relay the public address; only its own pages may ask
   */
  public DemoRunners(URI relay) {
    this.relay = relay;
  }

  @Override
  public boolean answer(HttpServerRequest request) {
    if (!PATH.equals(request.path())) {
      return false;
    }
    if (request.method().equals(HttpMethod.GET)) {
      answer(request, 200, new JsonObject().put("available", places.availablePermits() > 0));
    } else if (!request.method().equals(HttpMethod.POST)) {
      refuse(request, 405, "Only GET and POST are understood here");
    } else if (!relay.toString().equals(request.getHeader("Origin"))) {
      refuse(request, 403, "Only the relay's own pages may start a demo runner");
    } else if (length(request) > LONGEST_REQUEST) {
      refuse(request, 413, "The request is too large");
    } else {
      start(request);
    }
    return true;
  }

  /** Without a length it counts as endless: browsers tell it. */
  private static long length(HttpServerRequest request) {
    String told = request.getHeader("Content-Length");
    return told == null ? Long.MAX_VALUE : Long.parseLong(told);
  }

  private void start(HttpServerRequest request) {
    request.bodyHandler(
        body ->
            key(body.toString())
                .ifPresentOrElse(
                    key -> Thread.ofVirtual().name("demo-runner").start(() -> run(request, key)),
                    () -> refuse(request, 400, "An apiKey is required")));
  }

  private static Optional<String> key(String body) {
    try {
      return new JsonObject(body).getValue("apiKey") instanceof String key
          ? Optional.of(key)
          : Optional.empty();
    } catch (DecodeException nonsense) {
      return Optional.empty();
    }
  }

  private void run(HttpServerRequest request, String key) {
    if (!places.tryAcquire()) {
      refuse(request, 409, "There are enough demo runners; restart the relay to end them");
      return;
    }
    ScriptedRunner runner =
        ScriptedRunner.start(ClientOptions.of(relay).withApiKey(key), DemoAgent.runner());
    try {
      runner.awaitRegistered();
      running.add(runner);
      answer(request, 201, new JsonObject().put("runnerId", runner.runnerId()));
    } catch (AwaitTimeoutException | ConnectRefusedException refused) {
      runner.close();
      places.release();
      refuse(request, 502, "The relay did not take the demo runner");
    }
  }

  private static void refuse(HttpServerRequest request, int status, String sentence) {
    answer(request, status, new JsonObject().put("error", sentence));
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json;charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
