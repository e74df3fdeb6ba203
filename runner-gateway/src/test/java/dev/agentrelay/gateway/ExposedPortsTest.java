package dev.agentrelay.gateway;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which ports a runner has exposed, as other services read it (tunnel.md 8). */
@QuarkusTest
class ExposedPortsTest extends GatewayTest {
  private final RunnerId id = new RunnerId("runner-" + UUID.randomUUID());

  @Inject LiveStateReader reader;
  @Inject Redis redis;

  @Test
  void portsAreThoseThatTheServiceHasNotTakenBack() {
    RelaySocket runner = runner();
    awaitPorts(null);
    say(runner, "tunnel_registered", Json.object("port", 3000, "pinned", true), null);
    awaitPorts(Set.of(3000));
    say(runner, "tunnel_registered", Json.object("port", 4000), "s1");
    say(runner, "tunnel_error", Json.object("error", "Invalid port: 0"), "s1");
    say(runner, "tunnel_registered", Json.object("port", 70_000), null);
    awaitPorts(Set.of(3000, 4000));
    // another session keeps it
    say(runner, "tunnel_removed", Json.object("port", 4000), "s1");
    say(runner, "tunnel_removed", Json.object("port", 3000), null);
    awaitPorts(Set.of(4000));
    say(runner, "tunnel_removed", Json.object("port", 4000), null);
    awaitPorts(Set.of());
  }

  @Test
  void withoutTheServiceNothingIsKnown() {
    RelaySocket runner = runner();
    say(runner, "tunnel_registered", Json.object("port", 3000), null);
    runner.emit("service_announce", Json.object("serviceIds", Json.array("tunnel", "git")));
    awaitPorts(Set.of(3000));
    runner.emit(
        "service_announce",
        Json.object(
            "serviceIds", Json.array("tunnel"), "disabledServiceIds", Json.array("tunnel")));
    awaitPorts(null);
    say(runner, "tunnel_registered", Json.object("port", 5000), null);
    awaitPorts(Set.of(5000));
  }

  @Test
  void aDaemonThatStartsAnewSaysItAgain() {
    say(runner(), "tunnel_registered", Json.object("port", 3000), null);
    awaitPorts(Set.of(3000));
    RelaySocket again = runner();
    awaitPorts(null);
    say(again, "tunnel_registered", Json.object("port", 4000), null);
    awaitPorts(Set.of(4000));
  }

  @Test
  void ofADaemonThatComesBackNothingIsKnown() {
    say(runner(), "tunnel_registered", Json.object("port", 3000), null);
    awaitPorts(Set.of(3000));
    RelaySocket back = runner();
    back.emit("service_announce", Json.object("serviceIds", Json.array("tunnel")));
    say(back, "tunnel_registered", Json.object("port", 4000), null);
    back.emit("service_announce", Json.object("serviceIds", Json.array("tunnel", "last")));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                rest()
                    .send("GET", "/api/runners/" + id.value() + "/services", null)
                    .body()
                    .contains("last"));
    awaitPorts(null);
  }

  @Test
  void whatRedisForgetsIsToldAgain() {
    say(runner(), "tunnel_registered", Json.object("port", 3000), null);
    awaitPorts(Set.of(3000));
    redis.send(Request.cmd(Command.FLUSHALL)).toCompletionStage().toCompletableFuture().join();
    awaitPorts(Set.of(3000));
  }

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", id.value(), "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }

  private static void say(
      RelaySocket runner, String type, JSONObject payload, @Nullable String session) {
    JSONObject envelope = Json.object("serviceId", "tunnel", "type", type, "payload", payload);
    runner.emit(
        "service_message",
        session == null ? envelope : envelope.put("sessionId", session).put("requestId", "r"));
  }

  private void awaitPorts(@Nullable Set<Integer> ports) {
    await()
        .atMost(LIMIT)
        .ignoreException(RelayException.class)
        .until(
            () ->
                reader
                    .runner(id)
                    .await()
                    .atMost(LIMIT)
                    .map(runner -> Optional.ofNullable(runner.exposedPorts()))
                    .filter(Optional.ofNullable(ports)::equals)
                    .isPresent());
  }
}
