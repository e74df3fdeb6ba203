package dev.agentrelay.gateway.request;

/** Commands of one registry share a limit and are answered by its events only (rest.md 1.4). */
enum Registry {
  SKILLS,
  AGENTS,
  OTHERS;

  static Registry ofCommand(String event) {
    if (event.contains("skill")) {
      return SKILLS;
    }
    return event.contains("agent") ? AGENTS : OTHERS;
  }
}
