package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.RedisAnswer;
import jakarta.enterprise.context.ApplicationScoped;

/** Tells whether a runner is there, and whose. */
@ApplicationScoped
public class RunnerPresence {
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
    return RedisAnswer.await(live.runner(runner))
        .map(each -> each.userId().equals(user) ? Presence.OWN : Presence.FOREIGN)
        .orElse(Presence.ABSENT);
  }
}
