package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;

/** A running service on real stores, with a user and a runner of its own for each test. */
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "redis,kafka"))
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(ShortWaits.class)
abstract class TunnelTest {
  static final Duration LIMIT = Duration.ofSeconds(10);
  static final int PORT = 5173;
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource("/")
  URI relay;

  @Inject Redis redis;

  final UserId user = new UserId("user-" + UUID.randomUUID());
  final UserId stranger = new UserId("user-" + UUID.randomUUID());
  final RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void closeClients() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  <T extends AutoCloseable> T open(T client) {
    opened.push(client);
    return client;
  }

  ClientOptions as(UserId someone) {
    return ClientOptions.of(relay).withApiKey(TestingIdentities.apiKey(someone)).withLimit(LIMIT);
  }

  /** The runner's record, as the gateway writes it. */
  void register(RunnerId id, UserId owner) {
    redis(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(id))
            .arg(RunnerField.USER_ID.key())
            .arg(owner.value()));
  }

  void expose(RunnerId id, String ports) {
    redis(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(id))
            .arg(RunnerField.TUNNELS.key())
            .arg(ports));
  }

  /** A live session's record, as the gateway writes it. */
  SessionId session(UserId owner, String runnerId) {
    SessionId id = new SessionId("session-" + UUID.randomUUID());
    Request write =
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(id))
            .arg(SessionField.USER_ID.key())
            .arg(owner.value())
            .arg(SessionField.REPLICA.key())
            .arg("g1");
    if (!runnerId.isEmpty()) {
      write.arg(SessionField.RUNNER_ID.key()).arg(runnerId);
    }
    redis(write);
    return id;
  }

  void redis(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  /** The user's runner with its tunnel connected. */
  ScriptedTunnel tunnel() {
    register(runner, user);
    return open(ScriptedTunnel.connect(as(user), runner.value()));
  }

  String base() {
    return "/api/tunnel/runner/" + runner + "/" + PORT;
  }

  /** A request of the user, with the API key. */
  HttpRequest.Builder mine(String path) {
    return anyone(path).header("x-api-key", TestingIdentities.apiKey(user));
  }

  HttpRequest.Builder anyone(String path) {
    return HttpRequest.newBuilder(relay.resolve(path)).timeout(LIMIT);
  }

  CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> answer) {
    return answer.orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  HttpResponse<String> exchange(HttpRequest.Builder request) {
    return answer(send(request));
  }

  /** What {@code POST /api/tunnel-token} says for the runner's port. */
  JSONObject minted() {
    HttpResponse<String> answer =
        mint("{\"runnerId\":\"" + runner + "\",\"port\":\"" + PORT + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  HttpResponse<String> mint(String body) {
    return exchange(
        anyone("/api/tunnel-token")
            .header("x-api-key", TestingIdentities.apiKey(user))
            .POST(BodyPublishers.ofString(body)));
  }

  /** Opens a WebSocket of the user below the runner's tunnel. */
  CompletableFuture<WebSocket> dial(
      ViewerSocket listener, String url, Map<String, String> headers, String... protocols) {
    WebSocket.Builder builder =
        HTTP.newWebSocketBuilder().header("x-api-key", TestingIdentities.apiKey(user));
    headers.forEach(builder::header);
    if (protocols.length > 0) {
      String[] others = Arrays.copyOfRange(protocols, 1, protocols.length);
      builder.subprotocols(protocols[0], others);
    }
    return builder.buildAsync(socketAddress(base() + url), listener);
  }

  URI socketAddress(String path) {
    return URI.create(relay.resolve(path).toString().replaceFirst("^http", "ws"));
  }

  /** The status that a handshake was answered with. */
  static int refusal(CompletableFuture<WebSocket> dialing) {
    try {
      dialing.get(10, TimeUnit.SECONDS);
      return 101;
    } catch (ExecutionException refused) {
      if (refused.getCause() instanceof WebSocketHandshakeException handshake) {
        return handshake.getResponse().statusCode();
      }
      throw new IllegalStateException(refused);
    } catch (InterruptedException | TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  /** A viewer of bytes, for what an HTTP client would put right. */
  Socket viewer(String method, String url, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    OutputStream out = socket.getOutputStream();
    out.write(head(method, url, headers).getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return socket;
  }

  String head(String method, String url, String headers) {
    return String.join(
        "\r\n",
        method + " " + base() + url + " HTTP/1.1",
        "Host: localhost",
        "x-api-key: " + TestingIdentities.apiKey(user),
        headers + "\r\n");
  }

  static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int one = in.read(); one >= 0; one = in.read()) {
      text.append((char) one);
      if (text.toString().endsWith(end)) {
        break;
      }
    }
    return text.toString();
  }

  /** Waits for the relay's next ping, of which there are two in a second. */
  static void awaitPing(ScriptedTunnel tunnel) {
    long mark = tunnel.inbox().mark();
    tunnel.inbox().awaitAfter(mark, frame -> frame.optString("type").equals("ping"), LIMIT);
  }

  static String idOf(JSONObject frame) {
    return frame.optString("id");
  }
}
