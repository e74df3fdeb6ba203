package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.Onlookers;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What services read of who looks at a session, here and on another replica (sockets.md 4.4.7). */
@QuarkusTest
class OnlookersTest extends GatewayTest {
  @Inject LiveStateReader live;
  @Inject Redis redis;

  private final String session = UUID.randomUUID().toString();

  @Test
  void aViewerLooksOnWhileItShowsTheSession() {
    RelaySocket viewer = show();
    awaitOnlookers(new Onlookers(true, false));
    viewer.emit("viewer_visibility", Json.object("visible", true));
    awaitOnlookers(new Onlookers(true, true));
    viewer.close();
    awaitOnlookers(Onlookers.NOBODY);
  }

  @Test
  void anotherReplicasViewersCountForAsLongAsItSaysSo() throws Exception {
    RelaySocket viewer = show();
    awaitOnlookers(new Onlookers(true, false));
    otherReplicaSays(new Onlookers(true, true), 60_000);
    awaitOnlookers(new Onlookers(true, true));

    viewer.close();
    await().atMost(LIMIT).until(() -> send(Request.cmd(Command.HLEN).arg(key())).equals("1"));
    assertThat(onlookers()).isEqualTo(new Onlookers(true, true));

    otherReplicaSays(new Onlookers(true, true), -1);
    assertThat(onlookers()).isEqualTo(Onlookers.NOBODY);
  }

  private RelaySocket show() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", 1));
    viewer.await("connected");
    return viewer;
  }

  private void otherReplicaSays(Onlookers onlookers, long forMillis) throws Exception {
    String text = onlookers.toText(System.currentTimeMillis() + forMillis);
    send(Request.cmd(Command.HSET).arg(key()).arg("another-replica").arg(text));
  }

  private void awaitOnlookers(Onlookers expected) {
    await().atMost(LIMIT).until(() -> onlookers().equals(expected));
  }

  private Onlookers onlookers() {
    return live.onlookers(new SessionId(session)).await().atMost(LIMIT);
  }

  private String key() {
    return LiveKeys.onlookers(new SessionId(session));
  }

  private String send(Request request) throws Exception {
    return String.valueOf(
        redis
            .send(request)
            .toCompletionStage()
            .toCompletableFuture()
            .get(LIMIT.toSeconds(), TimeUnit.SECONDS));
  }
}
