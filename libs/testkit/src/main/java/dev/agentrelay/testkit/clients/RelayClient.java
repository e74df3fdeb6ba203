package dev.agentrelay.testkit.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The relay's REST calls as CLI and browser make them. Immutable and thread-safe. */
public final class RelayClient {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ClientOptions options;

  public RelayClient(ClientOptions options) {
    this.options = options;
  }

  public ClientOptions options() {
    return options;
  }

  /** Registers as {@code setup} does, making the account if needed; a client with the new key. */
  public RelayClient register(String name, String email, String password) {
    JSONObject answer =
        Json.parse(
            send(
                    "POST",
                    "/api/register",
                    Json.object("name", name, "email", email, "password", password))
                .body());
    return new RelayClient(options.withApiKey(Json.requireText(answer, "key")));
  }

  /** Signs in as the browser does; a client with the session cookie. */
  public RelayClient signIn(String email, String password) {
    HttpResponse<String> answer =
        send("POST", "/api/auth/sign-in/email", Json.object("email", email, "password", password));
    String cookies =
        answer.headers().allValues("set-cookie").stream()
            .map(cookie -> cookie.split(";", 2)[0])
            .collect(Collectors.joining("; "));
    return new RelayClient(options.withCookie(cookies));
  }

  /** The caller's runners, {@code GET /api/runners}. */
  public JSONArray runners() {
    return Json.parseArray(send("GET", "/api/runners", null).body());
  }

  /** Spawns a session and gives the answer with its {@code sessionId}. */
  public JSONObject spawn(String runnerId, @Nullable String cwd, @Nullable String prompt) {
    JSONObject request = Json.object("runnerId", runnerId);
    Json.putIfKnown(request, "cwd", cwd);
    Json.putIfKnown(request, "prompt", prompt);
    return Json.parse(send("POST", "/api/runners/spawn", request).body());
  }

  /** The caller's sessions, live and persisted, {@code GET /api/sessions}. */
  public JSONObject sessions() {
    return Json.parse(send("GET", "/api/sessions?includePersisted=1&limit=50", null).body());
  }

  /** Any call; fails unless the status is in the 200s. */
  public HttpResponse<String> send(String method, String path, @Nullable JSONObject body) {
    HttpResponse<String> answer = exchange(method, path, body);
    if (answer.statusCode() / 100 != 2) {
      throw new RelayRequestException(method + " " + path, answer.statusCode(), answer.body());
    }
    return answer;
  }

  /** Any call with whatever answer it gets. */
  public HttpResponse<String> exchange(String method, String path, @Nullable JSONObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base() + path)).timeout(options.limit());
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.method(method, BodyPublishers.ofString(body.toString()));
      request.header("Content-Type", "application/json");
    }
    header(request, "x-api-key", options.apiKey());
    header(request, "Cookie", options.cookie());
    header(request, "Origin", options.origin());
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitTimeoutException("interrupted while waiting for " + method + " " + path);
    }
  }

  private String base() {
    String text = options.relay().toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
    if (value != null) {
      request.header(name, value);
    }
  }
}
