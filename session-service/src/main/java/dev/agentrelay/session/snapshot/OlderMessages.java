package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pages backwards through the messages that a session's kept state has. Blocks. */
@ApplicationScoped
class OlderMessages {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 1_000;

  /** States are large: few are in memory at a time. */
  private static final int MOST_AT_ONCE = 2;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final StoredSnapshots snapshots;

  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  OlderMessages(StoredSnapshots snapshots, RelayMetrics metrics) {
    this.snapshots = snapshots;
    metrics.bound(Bound.STATES_READ, () -> MOST_AT_ONCE - places.availablePermits(), MOST_AT_ONCE);
  }

  /**
   * @param before place of the oldest message that the reader has; absent for the newest page
   * @param limit how many messages; absent for 50, more than 1,000 are never given
   * @throws RelayException with 404 unless the session is that user's and has a kept state
   */
  byte[] page(SessionId session, UserId user, @Nullable String before, @Nullable String limit)
      throws IOException {
    long end = number("before", before, Long.MAX_VALUE);
    int size = (int) Math.min(number("limit", limit, PAGE), LARGEST_PAGE);
    takePlace();
    try {
      KeptState state =
          snapshots
              .find(session, user)
              .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
      return MessagePage.of(state.event(), end, size).toJson();
    } finally {
      places.release();
    }
  }

  private static long number(String name, @Nullable String text, long absent) {
    if (text == null || text.isEmpty()) {
      return absent;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid " + name);
    }
    return Long.parseLong(text);
  }

  private void takePlace() {
    try {
      if (places.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new RelayException(
        ErrorCode.UNAVAILABLE, "Too many states are being read just now", COME_BACK);
  }
}
