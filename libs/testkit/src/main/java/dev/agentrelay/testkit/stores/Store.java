package dev.agentrelay.testkit.stores;

/** One running store: a process of its own, listening on loopback only. */
public sealed interface Store extends AutoCloseable permits PostgresStore, RedisStore, KafkaStore {

  /** What a client connects to, in the form its driver takes. */
  String url();

  /** The store's own process, so that a fault test may kill it and a supervisor may watch it. */
  ProcessHandle process();

  /**
   * Stops the store in an orderly way, by force after ten seconds. Does nothing the second time.
   */
  @Override
  void close();
}
