package dev.agentrelay.platform.preferences;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user prefers (rest.md 6.5, X28).
 *
 * @param hiddenModels {@code provider/id}, in ascending order
 * @param subagentModel {@code provider/id}; absent when there is no default
 */
public record UserPreferences(List<String> hiddenModels, @Nullable String subagentModel) {
  /** Where auth-service tells them, followed by a slash and the user's id. */
  public static final String PATH = "/internal/preferences";

  /** Whether the user has hidden that model; ids may contain slashes. */
  public boolean hides(String provider, String id) {
    return hiddenModels.contains(provider + "/" + id);
  }
}
