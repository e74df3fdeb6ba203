package dev.agentrelay.trigger.change;

import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.error.StoreFailures;
import java.util.function.Supplier;

/** Changes whose failure has a text of its own in the contract. */
public final class Stored {
  private Stored() {}

  /**
   * Makes a change.
   *
   * @param failed what callers are told while the store is away
   * @throws RelayException 503 when it is
   */
  public static <T> T orTryAgain(String failed, Supplier<T> change) {
    try {
      return change.get();
    } catch (RuntimeException failure) {
      throw StoreFailures.isStoreAway(failure) ? RelayException.unavailable(failed) : failure;
    }
  }
}
