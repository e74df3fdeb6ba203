package dev.agentrelay.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for trigger-service: {@code PUT} says what {@code GET} of the same path answers from
 * then on, an empty body that it answers 503.
 */
public final class TestingTriggerService implements QuarkusTestResourceLifecycleManager {
  private static final String NONE = "{\"subscriptions\":[]}";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      HttpServer opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      opened.createContext("/internal/runners/", this::answer);
      opened.start();
      server = opened;
      return Map.of(
          "relay.trigger-service.url", "http://127.0.0.1:" + opened.getAddress().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] asked = exchange.getRequestBody().readAllBytes();
    String answer = answers.getOrDefault(path, NONE);
    if (exchange.getRequestMethod().equals("PUT")) {
      answers.put(path, new String(asked, StandardCharsets.UTF_8));
      answer = NONE;
    }
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.isEmpty() ? 503 : 200, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
