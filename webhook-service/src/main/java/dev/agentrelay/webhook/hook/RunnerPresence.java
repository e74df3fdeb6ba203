package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveStateReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Tells whether a runner is there, and whose. */
@ApplicationScoped
public class RunnerPresence {
  private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(3);

  private final LiveStateReader live;

  RunnerPresence(LiveStateReader live) {
    this.live = live;
  }

  /** What is known of a runner, from one user's point of view. */
  public enum Presence {
    /** The user's, and registered. */
    OWN,
    /** Registered by somebody else. */
    FOREIGN,
    ABSENT
  }

  /** Looks the runner up; blocks. Fails when Redis is away, because then nobody knows. */
  public Presence of(RunnerId runner, UserId user) {
    Optional<LiveRunner> found =
        live.runner(runner)
            .ifNoItem()
            .after(REDIS_TIMEOUT)
            .failWith(() -> new TimeoutException("Redis did not answer within " + REDIS_TIMEOUT))
            .await()
            .indefinitely();
    return found
        .map(each -> each.userId().equals(user) ? Presence.OWN : Presence.FOREIGN)
        .orElse(Presence.ABSENT);
  }
}
