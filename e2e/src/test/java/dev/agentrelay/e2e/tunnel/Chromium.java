package dev.agentrelay.e2e.tunnel;

import dev.agentrelay.testkit.clients.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Debian's headless Chromium, spoken to in the DevTools protocol. One for all tests of this JVM.
 * Thread-safe.
 */
final class Chromium {
  private static final String LISTENING = "DevTools listening on ";
  private static final long LIMIT_SECONDS = 60;
  private static final String REMEMBERED_SOCKETS =
      """
      window.sockets = [];
      window.WebSocket = new Proxy(WebSocket, {
        construct(type, given, as) {
          const socket = Reflect.construct(type, given, as);
          sockets.push(socket);
          return socket;
        }
      });
      """;
  private static @Nullable Chromium running;

  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JSONObject>> asked = new ConcurrentHashMap<>();
  private final WebSocket socket;

  private Chromium(Path program) throws IOException {
    Path profile = Files.createTempDirectory("agent-relay-chromium");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // the tests may run as root
                "--no-first-run",
                "--mute-audio",
                "--autoplay-policy=no-user-gesture-required",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-chromium"));
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address(process), new Listener())
            .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  /**
   * The browser.
   *
   * @throws TestAbortedException when there is none on this machine; said on standard error too
   */
  static synchronized Chromium running() throws IOException {
    if (running == null) {
      running = new Chromium(program());
    }
    return running;
  }

  /**
   * A tab that shows an address, in which the cookies of a {@code Cookie} header are set; empty for
   * none. Its WebSockets are in {@code window.sockets}, as the browser itself has opened them.
   */
  Page open(URI url, String cookies) {
    String target =
        call(null, "Target.createTarget", Json.object("url", "about:blank")).getString("targetId");
    String session =
        call(null, "Target.attachToTarget", Json.object("targetId", target, "flatten", true))
            .getString("sessionId");
    for (String cookie : cookies.isEmpty() ? new String[0] : cookies.split("; ", -1)) {
      String[] pair = cookie.split("=", 2);
      call(
          session,
          "Network.setCookie",
          Json.object("name", pair[0], "value", pair[1], "url", url.toString()));
    }
    call(session, "Page.enable", new JSONObject());
    call(
        session,
        "Page.addScriptToEvaluateOnNewDocument",
        Json.object("source", REMEMBERED_SOCKETS));
    call(session, "Page.navigate", Json.object("url", url.toString()));
    return new Page(this, session, target);
  }

  /** Calls a method and waits for its result. */
  JSONObject call(@Nullable String session, String method, JSONObject parameters) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JSONObject> answer = new CompletableFuture<>();
    asked.put(id, answer);
    JSONObject message = Json.object("id", id, "method", method, "params", parameters);
    Json.putIfKnown(message, "sessionId", session);
    synchronized (asked) {
      socket.sendText(message.toString(), true).join();
    }
    JSONObject answered = answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    if (answered.has("error")) {
      throw new IllegalStateException(method + " failed: " + answered.getJSONObject("error"));
    }
    return answered.getJSONObject("result");
  }

  private static URI address(Process process) throws IOException {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.startVirtualThread(() -> output.lines().forEach(noise -> {}));
        return URI.create(line.substring(LISTENING.length()).strip());
      }
    }
    throw new IOException("Chromium ended while it started");
  }

  private static Path program() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(":", -1))
        .map(folder -> Path.of(folder, "chromium"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> {
              String message = "SKIPPED: no app was seen in a browser, chromium is not installed";
              System.err.println("=".repeat(80));
              System.err.println(message);
              System.err.println("=".repeat(80));
              return new TestAbortedException(message);
            });
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JSONObject whole = Json.parse(message.toString());
        message.setLength(0);
        CompletableFuture<JSONObject> waiting = asked.remove(whole.optInt("id"));
        if (waiting != null) {
          waiting.complete(whole);
        }
      }
      from.request(1);
      return null;
    }
  }
}
