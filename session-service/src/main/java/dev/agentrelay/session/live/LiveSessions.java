package dev.agentrelay.session.live;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.RedisAnswer;
import dev.agentrelay.platform.live.StoredSnapshot;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Reads the live state for threads that may wait; fails when Redis is away. */
@ApplicationScoped
public class LiveSessions {
  private final LiveStateReader reader;

  LiveSessions(LiveStateReader reader) {
    this.reader = reader;
  }

  /** The live session of that id, whoever owns it. */
  public Optional<LiveSession> find(SessionId id) {
    return RedisAnswer.await(reader.session(id));
  }

  /**
   * Asks for every live session of one user, in no order. Only whoever takes the answer waits for
   * it, so that another store can be asked meanwhile.
   */
  public Supplier<List<LiveSession>> askFor(UserId user) {
    CompletableFuture<List<LiveSession>> asked =
        reader.sessionsOf(user).subscribeAsCompletionStage();
    return () ->
        RedisAnswer.await(Uni.createFrom().completionStage(asked)).stream()
            .filter(session -> session.userId().equals(user))
            .toList();
  }

  /** See {@link LiveStateReader#snapshotVersion}. */
  public Optional<String> snapshotVersion(SessionId id) {
    return RedisAnswer.await(reader.snapshotVersion(id));
  }

  /** See {@link LiveStateReader#snapshotBytes}. */
  public long snapshotBytes(SessionId id) {
    return RedisAnswer.await(reader.snapshotBytes(id));
  }

  /** See {@link LiveStateReader#snapshot}. */
  public Optional<StoredSnapshot> snapshot(SessionId id) {
    return RedisAnswer.await(reader.snapshot(id));
  }
}
