package dev.agentrelay.auth.preferences;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The preferences of one account. */
@Entity
@Table(name = "preferences")
public class StoredPreferences {
  @Id
  @Column(name = "account_id")
  public String accountId;

  /** {@code provider/id}, in ascending order, each once. */
  @Column(name = "hidden_models")
  public List<String> hiddenModels;

  /** {@code provider/id}; absent where there is no default. */
  @Column(name = "subagent_model")
  public @Nullable String subagentModel;
}
