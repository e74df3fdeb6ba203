package dev.agentrelay.testkit.stores;

import java.util.Optional;

/**
 * How a store keeps its data.
 *
 * @param durable whether data must survive a crash; throwaway stores trade that for speed
 * @param password what clients must show, where the store knows passwords (Postgres, Redis)
 */
public record StoreOptions(boolean durable, Optional<String> password) {

  /** For tests: fast, open to whoever reaches loopback. */
  public static StoreOptions throwaway() {
    return new StoreOptions(false, Optional.empty());
  }

  /** For data that people keep. */
  public static StoreOptions durable(String password) {
    return new StoreOptions(true, Optional.of(password));
  }
}
