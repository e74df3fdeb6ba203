package dev.agentrelay.e2e.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.testkit.clients.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A model server that speaks the streaming chat completions of OpenAI and repeats, word by word,
 * what it was asked last.
 */
final class ScriptedModel implements AutoCloseable {
  static final String PROVIDER = "scripted";
  static final String MODEL = "scripted-1";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private ScriptedModel(HttpServer server) {
    this.server = server;
    server.createContext("/v1/chat/completions", this::complete);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts on a free port of loopback. */
  static ScriptedModel start() throws IOException {
    return new ScriptedModel(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /** What it answers to that question. */
  static String answerTo(String question) {
    return "You said " + question + ", and that is all I have to say to it.";
  }

  /** The agent's {@code models.json} that leads here. */
  JSONObject provider() {
    JSONObject model =
        Json.object(
            "id",
            MODEL,
            "name",
            "Scripted One",
            "reasoning",
            false,
            "input",
            Json.array("text"),
            "contextWindow",
            128_000,
            "maxTokens",
            4_096,
            "cost",
            Json.object("input", 0, "output", 0, "cacheRead", 0, "cacheWrite", 0));
    JSONObject provider =
        Json.object(
            "baseUrl",
            "http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
            "api",
            "openai-completions",
            "apiKey",
            "none",
            "models",
            Json.array(model));
    return Json.object("providers", Json.object(PROVIDER, provider));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void complete(HttpExchange exchange) throws IOException {
    JSONObject request =
        Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String answer = answerTo(lastQuestion(request.getJSONArray("messages")));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String word : answer.split("(?<= )", -1)) {
        send(out, chunk(Json.object("role", "assistant", "content", word), null));
      }
      JSONObject last = chunk(new JSONObject(), "stop");
      Json.put(
          last,
          "usage",
          Json.object("prompt_tokens", 10, "completion_tokens", 10, "total_tokens", 20));
      send(out, last);
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void send(OutputStream out, JSONObject chunk) throws IOException {
    out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static JSONObject chunk(JSONObject delta, @Nullable String finishReason) {
    return Json.object(
        "id",
        "completion-1",
        "object",
        "chat.completion.chunk",
        "created",
        1_700_000_000,
        "model",
        MODEL,
        "choices",
        Json.array(Json.object("index", 0, "delta", delta, "finish_reason", finishReason)));
  }

  private static String lastQuestion(JSONArray messages) {
    for (int i = messages.length() - 1; i >= 0; i--) {
      JSONObject message = messages.getJSONObject(i);
      if (message.optString("role").equals("user")) {
        JSONArray parts = message.optJSONArray("content");
        return parts == null
            ? message.optString("content")
            : parts.getJSONObject(parts.length() - 1).optString("text");
      }
    }
    return "nothing";
  }
}
