package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand.Wake;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.subscription.SubscriptionOwners;
import dev.agentrelay.trigger.subscription.SubscriptionOwners.Owned;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds the session that something is to be delivered to, and whether it may be woken for it. */
@ApplicationScoped
public class Targets {
  private final LiveState live;
  private final SubscriptionOwners owners;

  Targets(LiveState live, SubscriptionOwners owners) {
    this.live = live;
    this.owners = owners;
  }

  /**
   * @param wake whether a session that is offline is to be woken; without it only a live one will
   *     do
   * @throws RelayException 404, the same for unknown and foreign
   */
  public Target require(SessionId session, UserId caller, boolean wake) {
    if (!wake) {
      if (live.session(session, caller).isEmpty()) {
        throw gone();
      }
      return new Target(null, false);
    }
    Owned owned = owners.find(session, caller).orElseThrow(Targets::gone);
    if (owned.runner() == null) {
      return new Target(null, false);
    }
    if (live.runner(owned.runner(), caller).isPresent()) {
      return new Target(new Wake(owned.runner(), owned.cwd()), false);
    }
    if (!owned.live()) {
      throw gone();
    }
    return new Target(null, true);
  }

  static RelayException gone() {
    return new RelayException(ErrorCode.NOT_FOUND, "Session not found or not connected");
  }
}
