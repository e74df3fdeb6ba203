package dev.agentrelay.platform.preferences;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Keeps the models that users have hidden out of what is started for them. Blocks. */
@ApplicationScoped
public class HiddenModels {
  private final PreferenceDirectory preferences;

  HiddenModels(PreferenceDirectory preferences) {
    this.preferences = preferences;
  }

  /**
   * Lets a user choose a model, or none.
   *
   * @throws RelayException 403 when the user has hidden it, 503 when nobody knows
   */
  public void refuseHidden(UserId user, @Nullable Model model) {
    if (model != null && of(user).hides(model.provider(), model.id())) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Model is hidden and cannot be used");
    }
  }

  /**
   * A model that was chosen some time ago; null when it was hidden meanwhile.
   *
   * @throws RelayException 503 when nobody knows what is hidden
   */
  public @Nullable Model unlessHidden(UserId user, @Nullable Model model) {
    return model == null || of(user).hides(model.provider(), model.id()) ? null : model;
  }

  private UserPreferences of(UserId user) {
    return preferences.of(user).await().indefinitely();
  }
}
