package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trigger subscription or a listener of a runner has changed, said by trigger-service on {@link
 * Topics#SUBSCRIPTIONS} once the change is durable, keyed by the runner's id and in the order of
 * the changes. The gateway gives each its revision and tells the session's viewers and then the
 * daemon (sockets.md 4.17). What was lost on the way is made good by the next snapshot.
 *
 * @param userId the owner of the runner
 * @param sessionId the session whose viewers are told; absent for a listener
 * @param subscription the object under {@code subscription} of {@code trigger_subscription_delta},
 *     sent on as it is
 */
public record SubscriptionChanged(
    RunnerId runnerId,
    UserId userId,
    Action action,
    String triggerType,
    @Nullable SessionId sessionId,
    JsonText subscription,
    Instant at) {

  /** What was done to the subscription. */
  public enum Action {
    SUBSCRIBE("subscribe"),
    UPDATE("update"),
    UNSUBSCRIBE("unsubscribe");

    private final String wireName;

    Action(String wireName) {
      this.wireName = wireName;
    }

    /** The word on the wire. */
    public String wireName() {
      return wireName;
    }
  }
}
