package dev.agentrelay.session;

import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.live.SnapshotField;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.Map;

/** Writes the live state as the gateway does. */
final class TestingLiveState {
  private final Redis redis;

  TestingLiveState(Redis redis) {
    this.redis = redis;
  }

  /** Makes the session live since that time. */
  void add(TestSession session, Instant startedAt) {
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(session.id()));
    Map.of(
            SessionField.USER_ID, session.user().value(),
            SessionField.USER_NAME, "Ada",
            SessionField.CWD, "/home/dev",
            SessionField.SHARE_URL, "http://localhost:7492/session/" + session.id(),
            SessionField.STARTED_AT, String.valueOf(startedAt.toEpochMilli()),
            SessionField.EPHEMERAL, "1",
            SessionField.EXPIRES_AT, String.valueOf(startedAt.plusSeconds(600).toEpochMilli()),
            SessionField.ACTIVE, "1",
            SessionField.MODEL, "{\"provider\":\"p\",\"id\":\"m\"}",
            SessionField.REPLICA, "gateway-1")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    record.arg(SessionField.EPOCH.key()).arg("1");
    record.arg(SessionField.RUNNER_ID.key()).arg("r1");
    record.arg(SessionField.RUNNER_NAME.key()).arg("box");
    send(record);
    send(
        Request.cmd(Command.SADD)
            .arg(LiveKeys.userSessions(session.user()))
            .arg(session.id().value()));
  }

  /** Gives a live session its latest full state. */
  void snapshot(TestSession session, String ringId, String event) {
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.snapshot(session.id()))
            .arg(SnapshotField.ID.key())
            .arg(ringId)
            .arg(SnapshotField.EVENT.key())
            .arg(event));
  }

  /** Puts metadata beside a session's latest state, as is done when it ends. */
  void overlay(TestSession session, String overlay) {
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.snapshot(session.id()))
            .arg(SnapshotField.OVERLAY.key())
            .arg(overlay));
  }

  /** Ends the session; its latest state stays for a while. */
  void end(TestSession session) {
    send(Request.cmd(Command.DEL).arg(LiveKeys.session(session.id())));
  }

  /** Redis forgets the latest state. */
  void forgetSnapshot(TestSession session) {
    send(Request.cmd(Command.DEL).arg(LiveKeys.snapshot(session.id())));
  }

  private void send(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
