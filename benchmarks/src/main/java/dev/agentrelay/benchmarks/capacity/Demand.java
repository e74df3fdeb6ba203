package dev.agentrelay.benchmarks.capacity;

/**
 * How large the relay is to be.
 *
 * @param runners connected runner daemons
 * @param viewers open browser tabs, each of which looks at one session
 * @param activeShare how many of the runners have an agent at work, 0 to 1
 * @param eventsPerSecond of one agent at work
 * @param eventBytes of one event
 * @param tunnelMebibytes through all tunnels each second, as hard to carry as archives and films
 * @param utilisation how busy a core may be before queues grow, 0 to 1
 */
record Demand(
    long runners,
    long viewers,
    double activeShare,
    double eventsPerSecond,
    int eventBytes,
    double tunnelMebibytes,
    double utilisation) {

  /** Events that workers send each second. */
  double events() {
    return runners * activeShare * eventsPerSecond;
  }

  /** Events that viewers see each second; those who look at an idle session see none. */
  double deliveries() {
    return viewers * activeShare * eventsPerSecond;
  }
}
