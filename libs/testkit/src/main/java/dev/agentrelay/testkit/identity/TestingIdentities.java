package dev.agentrelay.testkit.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.contracts.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Speaks auth-service's internal protocol: {@code POST /internal/exchange} gives a signed identity
 * for a credential, {@code GET /internal/keys} the keys to verify it, {@code GET
 * /internal/preferences/<user>} what a user prefers, which {@code PUT} changes. Every user exists;
 * the credentials are those of {@link #apiKey} and {@link #cookie}, and no others.
 */
public final class TestingIdentities implements AutoCloseable {
  /** The secret that services share when none is configured. */
  public static final String INTERNAL_SECRET = "agent-relay-on-loopback-only";

  /** Where services show that secret. */
  public static final String SECRET_HEADER = "x-relay-internal-secret";

  /** Where preferences are, followed by the user's id. */
  public static final String PREFERENCES = "/internal/preferences/";

  /** The one model that a user has hidden who has not said otherwise. */
  public static final String HIDDEN_MODEL = "hidden/model";

  private static final String KEY = "key-of-";
  private static final String SLOW_KEY = "slow-key-of-";
  private static final String UNLUCKY_KEY = "unlucky-key-of-";
  private static final String COOKIE = "cookie-of-";
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);

  private static final String PREFERRED_BY_ALL = "{\"hiddenModels\":[\"" + HIDDEN_MODEL + "\"]}";

  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final Map<String, String> preferences = new ConcurrentHashMap<>();
  private final TokenSigner signer = new TokenSigner();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private TestingIdentities() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/internal/exchange", this::exchange);
    server.createContext("/internal/keys", this::keys);
    server.createContext(PREFERENCES, this::preferences);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts on a free port of loopback. */
  public static TestingIdentities start() {
    try {
      return new TestingIdentities();
    } catch (IOException e) {
      throw new UncheckedIOException("the identity server could not start", e);
    }
  }

  /** A valid API key of that user, for {@code x-api-key}. */
  public static String apiKey(UserId user) {
    return KEY + user;
  }

  /** A valid API key of that user that takes a second to be told. */
  public static String slowApiKey(UserId user) {
    return SLOW_KEY + user;
  }

  /** A valid API key of that user; the first time that it is asked for, there is no answer. */
  public static String unluckyApiKey(UserId user) {
    return UNLUCKY_KEY + user;
  }

  /** A valid {@code Cookie} header of that user. */
  public static String cookie(UserId user) {
    return "better-auth.session_token=" + COOKIE + user;
  }

  /** The display name in that user's identity. */
  public static String userName(UserId user) {
    return "Name of " + user;
  }

  /** Value of {@code relay.auth.url}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void exchange(HttpExchange exchange) throws IOException {
    if (!trusted(exchange)) {
      return;
    }
    try {
      JSONObject credential =
          new JSONObject(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      String key = credential.optString("apiKey");
      if (key.startsWith(UNLUCKY_KEY) && failed.add(key)) {
        send(exchange, 503, "{}");
        return;
      }
      JSONObject answer = new JSONObject();
      userOf(credential)
          .ifPresent(
              user ->
                  put(
                      answer,
                      "token",
                      signer.sign(user, userName(user), Instant.now().plus(TOKEN_LIFE))));
      boolean slow = key.startsWith(SLOW_KEY);
      Executor when =
          slow
              ? CompletableFuture.delayedExecutor(SLOW.toMillis(), TimeUnit.MILLISECONDS, threads)
              : Runnable::run;
      when.execute(() -> answer(exchange, answer.toString()));
    } catch (JSONException e) {
      send(exchange, 400, "{}");
    }
  }

  private void keys(HttpExchange exchange) throws IOException {
    if (trusted(exchange)) {
      JSONObject keys = new JSONObject();
      put(keys, "keys", new JSONArray().put(signer.publicKey()));
      send(exchange, 200, keys.toString());
    }
  }

  private void preferences(HttpExchange exchange) throws IOException {
    if (!trusted(exchange)) {
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("PUT")) {
      preferences.put(
          path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      send(exchange, 200, "{}");
      return;
    }
    String preferred = preferences.getOrDefault(path, PREFERRED_BY_ALL);
    send(exchange, preferred.isEmpty() ? 503 : 200, preferred);
  }

  private static boolean trusted(HttpExchange exchange) throws IOException {
    boolean known = INTERNAL_SECRET.equals(exchange.getRequestHeaders().getFirst(SECRET_HEADER));
    if (!known) {
      send(exchange, 403, "{}");
    }
    return known;
  }

  private static Optional<UserId> userOf(JSONObject credential) {
    return after(KEY, credential.optString("apiKey"))
        .or(() -> after(SLOW_KEY, credential.optString("apiKey")))
        .or(() -> after(UNLUCKY_KEY, credential.optString("apiKey")))
        .or(() -> after(COOKIE, credential.optString("cookie")));
  }

  private static Optional<UserId> after(String prefix, String value) {
    return value.startsWith(prefix) && value.length() > prefix.length()
        ? Optional.of(new UserId(value.substring(prefix.length())))
        : Optional.empty();
  }

  private static void put(JSONObject object, String name, Object value) {
    try {
      object.put(name, value);
    } catch (JSONException e) {
      throw new IllegalArgumentException("not a JSON member: " + name, e);
    }
  }

  private static void answer(HttpExchange exchange, String body) {
    try {
      send(exchange, 200, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
