package dev.agentrelay.e2e.suite;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** A test on the running suite, with an account of its own and clients that are closed after it. */
public abstract class SuiteTest {
  protected static final Duration LIMIT = Duration.ofSeconds(45);

  protected final Suite suite = Suite.running();
  protected final Account me = suite.newAccount();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Has it closed after the test. */
  protected <T extends AutoCloseable> T open(T client) {
    opened.push(client);
    return client;
  }

  @AfterEach
  void closeClients() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
