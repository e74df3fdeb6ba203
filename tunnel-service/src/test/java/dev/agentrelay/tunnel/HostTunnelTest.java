package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels with an origin of their own: X48 of rest.md, tunnel.md 7. */
@QuarkusTest
class HostTunnelTest extends TunnelTest {
  private static final long NO_SUCH_KEY = -2;
  private static final String PAGE = "<head></head><a href=\"/x\">";
  private static final Map<String, Object> HEADERS =
      Map.of(
          "content-type", "text/html",
          "x-frame-options", "DENY",
          "content-security-policy", "default-src 'none'",
          "location", "http://127.0.0.1:5173/next",
          "set-cookie", new JSONArray(List.of("a=1; Domain=example.org; Path=/")));

  @Test
  void aHostOpensASocketWithWhatBelongsToTheApp() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = host();
    String upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://"
            + host
            + "\r\n";
    try (Socket viewer = visit(host, "/ws?apiKey=theapps", upgrade)) {
      JSONObject opening = tunnel.await("ws-open");
      assertThat(opening.optString("path")).isEqualTo("/ws?apiKey=theapps");
      assertThat(opening.optString("host")).isEqualTo(host);
      assertThat(Json.objectAt(opening, "headers").toMap())
          .containsEntry("cookie", "app=1")
          .containsEntry("origin", "http://" + host);
      tunnel.socketOpened(idOf(opening), null);
      assertThat(readUntil(viewer, "\r\n\r\n")).startsWith("HTTP/1.1 101");
    }
  }

  /** However often it was used: a label lives twelve hours at most. */
  @Test
  void aHostEnds() throws IOException {
    tunnel();
    String host = host();
    String grant =
        Json.object("userId", user.value(), "scope", "runner:" + runner, "port", PORT, "maxExp", 1)
            .toString();
    redis(Request.cmd(Command.SET).arg(key(host)).arg(grant));
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 404")
          .contains("Unknown or expired tunnel");
    }
    await().atMost(LIMIT).until(() -> lifeOf(host) == NO_SUCH_KEY);
  }

  @Test
  void aHostOfItsOwnShowsTheAppAsItIs() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = host();
    assertThat(host).matches("[0-9a-f]{32}\\.tunnels\\.localhost");
    try (Socket viewer = visit(host, "/_tunnel?apiKey=theapps")) {
      JSONObject request = tunnel.awaitRequest("/_tunnel?apiKey=theapps");
      assertThat(request.optString("host")).isEqualTo(host);
      assertThat(request.optBoolean("preserveAuth")).isTrue();
      assertThat(Json.objectAt(request, "headers").toMap())
          .containsEntry("cookie", "app=1")
          .containsEntry("authorization", "Bearer app")
          .containsEntry("x-forwarded-host", host)
          .containsEntry("x-forwarded-proto", "http")
          .containsEntry("x-forwarded-for", "127.0.0.1")
          .doesNotContainKeys("x-forwarded-prefix", "forwarded");
      tunnel.respond(idOf(request), 200, HEADERS, PAGE);
      String answer = readUntil(viewer, PAGE);
      assertThat(answer)
          .contains("location: /next", "set-cookie: a=1; Path=/")
          .doesNotContain("x-frame-options", "content-security-policy", "Domain=");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tunnels.localhost",
    "0123456789abcdef.tunnels.localhost",
    "a.0123456789abcdef0123456789abcdef.tunnels.localhost",
    "short.tunnels.localhost"
  })
  void otherHostsOfTheDomainAreNobodys(String host) throws IOException {
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}"))
          .startsWith("HTTP/1.1 404")
          .contains("Unknown or expired tunnel");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "text/html, `<base href=\"/\"><a href=\"/x\">`",
        "text/javascript, import '/x'",
        "text/css, @import '/x'"
      })
  void nothingIsRewrittenOnAHostOfItsOwn(String type, String body) throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = visit(host(), "/as-it-is")) {
      Map<String, ?> headers =
          Map.of("content-type", type, "content-length", body.length(), "etag", "\"v1\"");
      tunnel.respond(idOf(tunnel.awaitRequest("/as-it-is")), 200, textOf(headers), body);
      assertThat(readUntil(viewer, body))
          .endsWith("\r\n\r\n" + body)
          .contains("content-length: " + body.length(), "etag: \"v1\"");
    }
  }

  private static Map<String, ?> textOf(Map<String, ?> headers) {
    Map<String, Object> texts = new HashMap<>();
    headers.forEach((name, value) -> texts.put(name, value.toString()));
    return texts;
  }

  @Test
  void noHeaderOfAnAppEndsTheHead() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    try (Socket viewer = visit(host(), "/inject")) {
      Map<String, Object> headers = new HashMap<>();
      headers.put("location", "/x\r\nX-Injected: 1");
      headers.put("set-cookie", new JSONArray(List.of("a=1\r\nX-Injected: 1", "b=2")));
      headers.put("bad\r\nX-Injected", "1");
      headers.put("connection", "x-injected");
      headers.put("x-injected", "1");
      tunnel.respond(idOf(tunnel.awaitRequest("/inject")), 200, headers, "the end");
      assertThat(readUntil(viewer, "the end"))
          .contains("set-cookie: b=2")
          .doesNotContainIgnoringCase("injected");
    }
  }

  @Test
  void otherMethodsAreNotAllowed() throws IOException {
    tunnel();
    try (Socket viewer = visit("TRACE", host(), "/", "")) {
      assertThat(readUntil(viewer, "Method not allowed")).startsWith("HTTP/1.1 405");
    }
  }

  @Test
  void aUseProlongsALabelsLifeAndARefusalDoesNot() throws IOException {
    ScriptedTunnel tunnel = tunnel();
    String host = host();
    redis(Request.cmd(Command.PEXPIRE).arg(key(host)).arg(60_000));
    register(runner, stranger);
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}")).contains("Tunnel revoked");
    }
    assertThat(lifeOf(host)).isLessThanOrEqualTo(60_000);

    register(runner, user);
    try (Socket viewer = visit(host, "/")) {
      tunnel.respond(idOf(tunnel.awaitRequest("/")), 200, Map.of(), "used");
      readUntil(viewer, "used");
    }
    await().atMost(LIMIT).until(() -> lifeOf(host) > 3_000_000);
  }

  @Test
  void aHostEndsWithTheRunnersOwnership() throws IOException {
    tunnel();
    String host = host();
    register(runner, stranger);
    try (Socket viewer = visit(host, "/")) {
      assertThat(readUntil(viewer, "}")).startsWith("HTTP/1.1 401").contains("Tunnel revoked");
    }
  }

  private String host() {
    return URI.create(minted().optString("hostUrl")).getHost();
  }

  private static String key(String host) {
    return "tunnel-host-label:" + host.substring(0, host.indexOf('.'));
  }

  private long lifeOf(String host) {
    return redis
        .send(Request.cmd(Command.PTTL).arg(key(host)))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .toLong();
  }

  private Socket visit(String host, String url) throws IOException {
    return visit(host, url, "X-Forwarded-Prefix: /evil\r\nForwarded: for=evil\r\n");
  }

  private Socket visit(String host, String url, String headers) throws IOException {
    return visit("GET", host, url, headers);
  }

  private Socket visit(String method, String host, String url, String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket
        .getOutputStream()
        .write(
            (method
                    + " "
                    + url
                    + " HTTP/1.1\r\nHost: "
                    + host
                    + "\r\nCookie: app=1\r\n"
                    + headers
                    + "Authorization: Bearer app\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }
}
