package dev.agentrelay.platform.limit;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much of one thing a user may have; without a bound nothing is ever asked or counted. */
public final class Quota {
  private final String tag;
  private final String things;
  private final @Nullable Long most;
  private final RelayMetrics metrics;

  /**
   * @param tag its name in metrics
   * @param things what people read behind the number
   */
  Quota(String tag, String things, Optional<? extends Number> most, RelayMetrics metrics) {
    this.tag = tag;
    this.things = things;
    this.most = most.map(Number::longValue).orElse(null);
    this.metrics = metrics;
    most.ifPresent(bound -> metrics.gauge(Metric.QUOTA_LIMIT, bound::longValue, tag));
  }

  /** Whether there is a bound. */
  public boolean isOn() {
    return most != null;
  }

  /** The bound; as good as none when there is none. */
  public long most() {
    return most == null ? Long.MAX_VALUE : most;
  }

  /** Whether it is used up by what there is already. */
  public boolean isUsedUp(long there) {
    return there >= most();
  }

  /**
   * Ends a request that would go beyond the bound.
   *
   * @param there what the user has already
   * @param more what the request would add
   * @throws RelayException with 429; to come back helps only once something is gone
   */
  public void requireRoom(long there, long more) {
    if (more > most() - there) {
      throw exceeded();
    }
  }

  /** Counts a refusal and says what to answer. */
  public RelayException exceeded() {
    countRefusal();
    return new RelayException(ErrorCode.QUOTA_EXCEEDED, refusal());
  }

  /** What people are told. */
  public String refusal() {
    return String.format(Locale.ROOT, "Your account may have at most %d %s", most(), things);
  }

  /** Counts something that was refused or held back. */
  public void countRefusal() {
    metrics.count(Metric.QUOTA_REFUSALS, tag);
  }
}
