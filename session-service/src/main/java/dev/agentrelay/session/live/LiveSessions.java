package dev.agentrelay.session.live;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Reads the live state for threads that may wait; fails when Redis is away. */
@ApplicationScoped
public class LiveSessions {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final LiveStateReader reader;

  LiveSessions(LiveStateReader reader) {
    this.reader = reader;
  }

  /** The live session of that id, whoever owns it. */
  public Optional<LiveSession> find(SessionId id) {
    return await(reader.session(id));
  }

  /** Every live session of one user, in no order. */
  public List<LiveSession> of(UserId user) {
    return await(reader.sessionsOf(user)).stream()
        .filter(session -> session.userId().equals(user))
        .toList();
  }

  /** See {@link LiveStateReader#snapshotVersion}. */
  public Optional<String> snapshotVersion(SessionId id) {
    return await(reader.snapshotVersion(id));
  }

  /** See {@link LiveStateReader#snapshotBytes}. */
  public long snapshotBytes(SessionId id) {
    return await(reader.snapshotBytes(id));
  }

  /** See {@link LiveStateReader#snapshot}. */
  public Optional<byte[]> snapshot(SessionId id) {
    return await(reader.snapshot(id));
  }

  private static <T> T await(Uni<T> answer) {
    return answer
        .ifNoItem()
        .after(TIMEOUT)
        .failWith(() -> new TimeoutException("Redis did not answer within " + TIMEOUT))
        .await()
        .indefinitely();
  }
}
