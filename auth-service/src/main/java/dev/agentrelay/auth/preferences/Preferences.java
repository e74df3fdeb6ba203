package dev.agentrelay.auth.preferences;

import dev.agentrelay.auth.outbox.Outbox;
import dev.agentrelay.contracts.PreferencesChanged;
import dev.agentrelay.contracts.PreferencesChanged.Preference;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The preferences, and saying that they were saved (rest.md 6.5, X28, X29). */
@ApplicationScoped
public class Preferences implements PanacheRepositoryBase<StoredPreferences, String> {
  private final Outbox outbox;

  Preferences(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Those of one user; the usual ones where none were saved. */
  @Transactional
  public StoredPreferences of(UserId user) {
    return findByIdOptional(user.value()).orElseGet(() -> usual(user));
  }

  private static StoredPreferences usual(UserId user) {
    StoredPreferences usual = new StoredPreferences();
    usual.accountId = user.value();
    usual.hiddenModels = List.of();
    return usual;
  }

  /** Replaces the set of hidden models; blank ones and duplicates are dropped. */
  @Transactional
  public void hideModels(UserId user, List<String> models) {
    List<String> hidden =
        models.stream()
            .map(String::strip)
            .filter(model -> !model.isEmpty())
            .distinct()
            .sorted()
            .toList();
    save(user, Preference.HIDDEN_MODELS, preferences -> preferences.hiddenModels = hidden);
  }

  /** Sets the default model of subagents, or clears it. */
  @Transactional
  public void setSubagentModel(UserId user, @Nullable String model) {
    save(user, Preference.SUBAGENT_MODEL, preferences -> preferences.subagentModel = model);
  }

  /** Locks the row before the event is written, so that events keep the order of what they say. */
  private void save(UserId user, Preference saved, Consumer<StoredPreferences> change) {
    getEntityManager()
        .createNativeQuery(
            "INSERT INTO {h-schema}preferences (account_id, hidden_models) VALUES (:account, '{}')"
                + " ON CONFLICT DO NOTHING")
        .setParameter("account", user.value())
        .executeUpdate();
    StoredPreferences preferences = findById(user.value(), LockModeType.PESSIMISTIC_WRITE);
    change.accept(preferences);
    outbox.add(
        Topics.PREFERENCES,
        user.value(),
        new PreferencesChanged(
            user, saved, preferences.hiddenModels, preferences.subagentModel, Instant.now()));
  }
}
