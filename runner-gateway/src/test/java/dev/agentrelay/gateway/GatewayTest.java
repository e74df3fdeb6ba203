package dev.agentrelay.gateway;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/**
 * A running gateway on real stores, a user of its own for each test, and clients that are closed in
 * the end.
 */
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,kafka"))
abstract class GatewayTest {
  static final Duration LIMIT = Duration.ofSeconds(10);

  @TestHTTPResource("/")
  URI relay;

  final String user = "user-" + UUID.randomUUID();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  ClientOptions as(String someone) {
    return ClientOptions.of(relay).withApiKey(TestingCallers.keyOf(someone));
  }

  ClientOptions mine() {
    return as(user);
  }

  RelayClient rest() {
    return new RelayClient(mine());
  }

  <T extends AutoCloseable> T open(T client) {
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
