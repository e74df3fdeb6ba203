package dev.agentrelay.contracts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user has saved preferences. Says all of them, so that the latest event is enough.
 *
 * @param saved which of them was saved; it may be the same as before
 * @param hiddenModels {@code provider/id}, in ascending order
 * @param subagentModel {@code provider/id}; absent when there is no default
 */
public record PreferencesChanged(
    UserId userId,
    Preference saved,
    List<String> hiddenModels,
    @Nullable String subagentModel,
    Instant at) {

  /** One preference of a user. */
  public enum Preference {
    HIDDEN_MODELS,
    SUBAGENT_MODEL
  }
}
