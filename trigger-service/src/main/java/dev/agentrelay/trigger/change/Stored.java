package dev.agentrelay.trigger.change;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.error.StoreFailures;
import java.time.Duration;
import java.util.function.Supplier;

/** Changes whose failure has a text of its own in the contract. */
public final class Stored {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

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
      throw StoreFailures.isStoreAway(failure)
          ? new RelayException(ErrorCode.UNAVAILABLE, failed, TRY_AGAIN)
          : failure;
    }
  }
}
