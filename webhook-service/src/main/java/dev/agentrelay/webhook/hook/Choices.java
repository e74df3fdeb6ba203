package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Checks that a caller may choose a webhook's runner and model. Blocks. */
@ApplicationScoped
class Choices {
  private static final Duration COME_BACK = Duration.ofSeconds(2);

  private final RunnerPresence runners;
  private final PreferenceDirectory preferences;

  Choices(RunnerPresence runners, PreferenceDirectory preferences) {
    this.runners = runners;
    this.preferences = preferences;
  }

  /**
   * @throws RelayException with 403 when the runner is not the user's or the model is hidden
   */
  void check(UserId user, WebhookForm form) {
    RunnerId runner = form.runnerId();
    if (runner != null && runners.of(runner, user) != RunnerPresence.Presence.OWN) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Runner not found or not owned by you");
    }
    Model model = form.model();
    if (model != null && isHidden(user, model)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Model is hidden and cannot be used");
    }
  }

  private boolean isHidden(UserId user, Model model) {
    return preferences
        .of(user)
        .onFailure()
        .transform(
            away ->
                new RelayException(
                    ErrorCode.UNAVAILABLE, "Service temporarily unavailable", COME_BACK))
        .await()
        .indefinitely()
        .hides(model.provider(), model.id());
  }
}
