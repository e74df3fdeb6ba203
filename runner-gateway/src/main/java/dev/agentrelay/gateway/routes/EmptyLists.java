package dev.agentrelay.gateway.routes;

import dev.agentrelay.socketio.RawJson;

/** The list that stands where a runner has none. */
final class EmptyLists {
  static final RawJson EMPTY = RawJson.of("[]");

  private EmptyLists() {}
}
