package dev.agentrelay.push.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of handing one notification over. */
public sealed interface Attempt {
  /** It was taken. */
  record Taken(int status) implements Attempt {}

  /** The device has gone for good. */
  record Gone(int status) implements Attempt {}

  /** It will never be taken. */
  record Refused(int status) implements Attempt {}

  /** It cannot even be tried. */
  record Impossible(String reason) implements Attempt {}

  /**
   * It may be taken later.
   *
   * @param status the provider's answer; absent when there was none
   * @param after when the provider wants to be asked again, if it said so
   */
  record Later(String reason, @Nullable Integer status, @Nullable Duration after)
      implements Attempt {}
}
