package dev.agentrelay.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.testkit.clients.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for session-service: its page of any session's messages tells what was asked for. It
 * has never heard of sessions whose id begins with {@code unknown}, has a state of those with
 * {@code kept}, and fails for those with {@code broken}.
 */
public final class TestingSessionService implements QuarkusTestResourceLifecycleManager {
  private static final JSONObject KEPT =
      Json.object(
          "event",
          Json.object(
              "type", "session_active", "state", Json.object("cwd", "/", "thinkingLevel", "low")),
          "overlay",
          Json.object("thinkingLevel", "high"));

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      HttpServer opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      opened.createContext("/internal/sessions/", TestingSessionService::answer);
      opened.start();
      server = opened;
      return Map.of(
          "relay.session-service.url", "http://127.0.0.1:" + opened.getAddress().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean state = path.matches("/internal/sessions/kept[^/]+/snapshot");
    boolean known = state || path.matches("/internal/sessions/(?!unknown)[^/]+/messages");
    JSONObject answer = state ? KEPT : page(exchange.getRequestURI().getQuery());
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    boolean broken = path.contains("/broken-");
    exchange.sendResponseHeaders(broken ? 500 : known ? 200 : 404, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static JSONObject page(String query) {
    return Json.object("messages", new JSONArray().put(query), "hasMore", true, "oldestIndex", 7);
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
