package dev.agentrelay.session.events;

import dev.agentrelay.contracts.UserId;
import java.time.Duration;
import java.time.Instant;

/**
 * How far one session's log has come. Events of a registration are numbered 1, 2, 3…; their places
 * in the log go on over registrations, and a lost event leaves its place empty.
 */
final class SessionLog {
  /**
   * Clocks of two replicas may differ by this much; an event later than that is of a registration
   * that only looks old, because epochs start again when Redis has lost them.
   */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final UserId user;
  private long epoch;
  private long number;
  private Instant at;
  private long position;
  private long addedBytes;

  SessionLog(UserId user, long epoch, long number, Instant at, long position) {
    this.user = user;
    this.epoch = epoch;
    this.number = number;
    this.at = at;
    this.position = position;
  }

  /** The log of a session of which nothing has been taken yet. */
  static SessionLog empty(UserId user) {
    return new SessionLog(user, 0, 0, Instant.EPOCH, 0);
  }

  /**
   * Takes an event and gives it its place.
   *
   * @return the place; 0 for an event that was taken before, or belongs to another user
   */
  long take(LoggedEvent event) {
    if (!event.user().equals(user)) {
      return 0;
    }
    boolean sameRegistration = event.epoch() == epoch && event.number() > number;
    boolean newRegistration =
        event.epoch() > epoch || (!sameRegistration && event.at().isAfter(at.plus(CLOCK_SKEW)));
    if (!sameRegistration && !newRegistration) {
      return 0;
    }
    long before = newRegistration ? 0 : number;
    position += event.number() - before;
    epoch = event.epoch();
    number = event.number();
    at = event.at();
    addedBytes += event.json().length();
    return position;
  }

  UserId user() {
    return user;
  }

  long epoch() {
    return epoch;
  }

  long number() {
    return number;
  }

  Instant at() {
    return at;
  }

  long position() {
    return position;
  }

  /** How many bytes of events have been taken since the log was read. */
  long addedBytes() {
    return addedBytes;
  }
}
