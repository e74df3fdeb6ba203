package dev.agentrelay.gateway;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A gateway that soon notices who is gone, and the records that others left behind. */
abstract class RecoveringTest extends GatewayTest {
  final String id = UUID.randomUUID().toString();

  @Inject Redis redis;

  @ConfigProperty(name = "relay.replica.id")
  String replica;

  /** The record of a session that another replica left behind. */
  void putSession(String sessionId, String holder, long heartbeatAt) {
    SessionId session = new SessionId(sessionId);
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(session));
    Map.of(
            SessionField.USER_ID,
            user,
            SessionField.REPLICA,
            holder,
            SessionField.EPOCH,
            "7",
            SessionField.STARTED_AT,
            "1",
            SessionField.HEARTBEAT_AT,
            Long.toString(heartbeatAt))
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    send(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(new UserId(user))).arg(sessionId));
    send(Request.cmd(Command.SADD).arg(LiveKeys.liveSessions()).arg(sessionId));
  }

  Response send(Request request) {
    return redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
