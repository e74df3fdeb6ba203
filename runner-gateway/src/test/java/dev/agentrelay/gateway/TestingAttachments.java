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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** Stands in for the attachments of session-service; refuses the images of users it is told to. */
public final class TestingAttachments implements QuarkusTestResourceLifecycleManager {
  static final String REFUSED_USER = "user-without-attachments-";
  static final BlockingQueue<JSONObject> STORED = new LinkedBlockingQueue<>();

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    HttpServer started;
    try {
      started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = started;
    started.createContext("/internal/attachments/images", this::take);
    started.start();
    return Map.of(
        "relay.gateway.attachments.url", "http://127.0.0.1:" + started.getAddress().getPort());
  }

  private void take(HttpExchange exchange) throws IOException {
    JSONObject image =
        new JSONObject(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    image.put("secret", exchange.getRequestHeaders().getFirst("x-relay-internal-secret"));
    boolean refused = image.getString("userId").startsWith(REFUSED_USER);
    if (!refused) {
      STORED.add(image);
    }
    exchange.sendResponseHeaders(refused ? 503 : 204, -1);
    exchange.close();
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
