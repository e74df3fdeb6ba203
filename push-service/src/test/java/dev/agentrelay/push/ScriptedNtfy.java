package dev.agentrelay.push;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.testkit.clients.Inbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.json.JSONObject;

/** An ntfy server that takes what is published with the right token. */
final class ScriptedNtfy implements AutoCloseable {
  static final String TOKEN = "tk_publish";

  private final HttpServer server;
  private final Inbox<JSONObject> inbox = new Inbox<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  private ScriptedNtfy(HttpServer server) {
    this.server = server;
  }

  static ScriptedNtfy start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ScriptedNtfy ntfy = new ScriptedNtfy(server);
      server.createContext("/", ntfy::take);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return ntfy;
    } catch (IOException e) {
      throw new UncheckedIOException("the ntfy server could not start", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Inbox<JSONObject> inbox() {
    return inbox;
  }

  /** Says what publishing on a topic is answered from now on. */
  void refuse(String topic, int status) {
    refusals.put(topic, status);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      JSONObject message =
          new JSONObject(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      boolean allowed =
          ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
      inbox.add(message);
      int status = allowed ? refusals.getOrDefault(message.getString("topic"), 200) : 401;
      exchange.sendResponseHeaders(status, -1);
    }
  }
}
