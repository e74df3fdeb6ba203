package dev.agentrelay.auth.apikey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.credential.StoredKey;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What shall be different about a key (rest.md 2.1). An absent member leaves things as they are.
 *
 * @param asked the name and, where {@code expires}, the life
 * @param expires whether the life was given; {@code null} there means for ever
 */
record KeyChange(KeyRequest asked, @Nullable Boolean enabled, boolean expires) {

  static KeyChange of(ObjectNode body) {
    JsonNode enabled = body.get("enabled");
    if (enabled != null && !enabled.isBoolean()) {
      throw AuthException.validation("[body.enabled] Invalid input: expected boolean");
    }
    return new KeyChange(
        KeyRequest.of(body),
        enabled == null ? null : enabled.booleanValue(),
        body.has("expiresIn"));
  }

  void checkBounds() {
    if (asked.name() == null && enabled == null && !expires) {
      throw AuthError.NO_VALUES_TO_UPDATE.failure();
    }
    asked.checkBounds();
  }

  void apply(StoredKey key) {
    Instant now = Instant.now();
    if (asked.name() != null) {
      key.name = asked.name();
    }
    if (enabled != null) {
      key.enabled = enabled;
    }
    if (expires) {
      key.expiresAt = asked.lasts() == null ? null : now.plus(asked.lasts());
    }
    key.updatedAt = now;
  }
}
