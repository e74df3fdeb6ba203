package dev.agentrelay.session;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of one session, as the gateway says them. */
record TestSession(SessionId id, UserId user) {
  /** The current time as the wire can carry it. */
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  static TestSession of(UserId user) {
    return new TestSession(new SessionId(UUID.randomUUID().toString()), user);
  }

  static UserId newUser() {
    return new UserId("user-" + UUID.randomUUID());
  }

  TestSession takenBy(UserId other) {
    return new TestSession(id, other);
  }

  SessionEvent.Started started(long epoch, Instant at) {
    return started(epoch, at, now().plusSeconds(600), null);
  }

  SessionEvent.Started started(
      long epoch, Instant at, @Nullable Instant expiresAt, @Nullable RunnerId runner) {
    return new SessionEvent.Started(
        id,
        epoch,
        at,
        user,
        "Name of " + user,
        "/home/dev/epoch-" + epoch,
        "http://localhost:7492/session/" + id,
        at,
        expiresAt != null,
        expiresAt,
        null,
        runner,
        runner == null ? null : "box",
        null);
  }

  SessionEvent.Active active(long epoch, Instant at, @Nullable String name) {
    return new SessionEvent.Active(id, epoch, at, at.plusSeconds(600), name);
  }

  SessionEvent.Linked linked(long epoch, Instant at, String runner) {
    return new SessionEvent.Linked(id, epoch, at, new RunnerId(runner), "name of " + runner);
  }

  SessionEvent.Ended ended(long epoch, Instant at) {
    return new SessionEvent.Ended(id, epoch, at, "Session ended");
  }
}
