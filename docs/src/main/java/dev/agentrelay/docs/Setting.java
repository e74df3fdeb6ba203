package dev.agentrelay.docs;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a service.
 *
 * @param key with dots and dashes
 * @param type as the code has it
 * @param standard what holds when nothing is set; absent when there is nothing then
 * @param bounds what is checked at start, as the code says it
 * @param meaning one or more sentences
 */
record Setting(String key, String type, @Nullable String standard, String bounds, String meaning) {

  /** The environment variable of the same meaning. */
  String variable() {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
