package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.preferences.HiddenModels;
import jakarta.enterprise.context.ApplicationScoped;

/** Checks that a caller may choose a webhook's runner and model. Blocks. */
@ApplicationScoped
class Choices {
  private final RunnerPresence runners;
  private final HiddenModels hiddenModels;

  Choices(RunnerPresence runners, HiddenModels hiddenModels) {
    this.runners = runners;
    this.hiddenModels = hiddenModels;
  }

  /**
   * @throws RelayException with 403 when the runner is not the user's or the model is hidden
   */
  void check(UserId user, WebhookForm form) {
    RunnerId runner = form.runnerId();
    if (runner != null && runners.of(runner, user) != RunnerPresence.Presence.OWN) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Runner not found or not owned by you");
    }
    hiddenModels.refuseHidden(user, form.model());
  }
}
