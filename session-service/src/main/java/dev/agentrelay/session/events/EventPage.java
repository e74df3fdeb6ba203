package dev.agentrelay.session.events;

import java.time.Instant;
import java.util.List;

/**
 * A piece of a session's log.
 *
 * @param recovered whether every event between the reader's cursor and the last one here is here
 * @param next the cursor after this page
 * @param more whether there is more already
 */
record EventPage(List<Entry> events, boolean recovered, long next, boolean more) {

  /** An event at its place, as the worker sent it. */
  record Entry(long position, Instant at, String json) {}

  /**
   * Makes a page of what was found after a cursor.
   *
   * @param end the place of the last event that the log has ever had
   */
  static EventPage of(long after, List<Entry> events, long end, boolean more) {
    if (events.isEmpty()) {
      return new EventPage(events, after == end, end, false);
    }
    long last = events.getLast().position();
    // Places are given without a hole, so as many as there are numbers means that all are here.
    return new EventPage(events, last - after == events.size(), last, more);
  }
}
