package dev.agentrelay.trigger.live;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.RedisAnswer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * The live state for requests that may wait: calls block for at most three seconds and fail as a
 * store that is away.
 */
@ApplicationScoped
public class LiveState {
  private final LiveStateReader reader;

  LiveState(LiveStateReader reader) {
    this.reader = reader;
  }

  /** The live session of that id, whoever owns it. */
  public Optional<LiveSession> session(SessionId id) {
    return RedisAnswer.await(reader.session(id));
  }

  /** The user's live session of that id. */
  public Optional<LiveSession> session(SessionId id, UserId owner) {
    return session(id).filter(session -> session.userId().equals(owner));
  }

  /**
   * Session gate of rest.md 1.3.
   *
   * @throws RelayException 404, the same for unknown and foreign, so that existence does not leak
   */
  public LiveSession requireSession(SessionId id, UserId owner) {
    return session(id, owner)
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
  }

  /** The user's registered runner of that id. */
  public Optional<LiveRunner> runner(RunnerId id, UserId owner) {
    return runner(id).filter(runner -> runner.userId().equals(owner));
  }

  /** The registered runner of that id, whoever owns it. */
  public Optional<LiveRunner> runner(RunnerId id) {
    return RedisAnswer.await(reader.runner(id));
  }

  /**
   * Runner gate of rest.md 1.3.
   *
   * @throws RelayException 404 when it is not registered, 403 when it is somebody else's
   */
  public LiveRunner requireRunner(RunnerId id, UserId owner) {
    LiveRunner runner =
        runner(id).orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Runner not found"));
    if (!runner.userId().equals(owner)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    return runner;
  }
}
