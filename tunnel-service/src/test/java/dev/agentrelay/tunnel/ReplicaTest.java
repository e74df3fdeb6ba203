package dev.agentrelay.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A runner's connection on one replica, its viewers on another (tunnel.md 2.12). */
@QuarkusTest
class ReplicaTest extends TunnelTest {
  private static final byte[] BREAK = {0};
  private static final String SECRET = "agent-relay-on-loopback-only";

  /**
   * Another replica, as far as this one sees it: a request, and bytes it answers piece by piece.
   */
  private final class Peer implements AutoCloseable {
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    Peer() throws IOException {
      server.createContext(
          "/",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            seen.add(
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestURI()
                    + " "
                    + body.length
                    + " "
                    + exchange.getRequestHeaders().getFirst("x-relay-internal-secret"));
            if (exchange.getRequestURI().getPath().startsWith("/internal/")) {
              exchange.sendResponseHeaders(204, -1);
              exchange.close();
              return;
            }
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (byte[] piece = next(); piece.length > 0; piece = next()) {
              if (piece == BREAK) {
                throw new IOException("broken off");
              }
              out.write(piece);
              out.flush();
            }
            out.close();
          });
      server.start();
    }

    private byte[] next() {
      try {
        byte[] piece = pieces.poll(10, TimeUnit.SECONDS);
        return piece == null ? new byte[0] : piece;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Makes it the holder of the runner's connection, as its registration does. */
    void hold() {
      redis(
          Request.cmd(Command.HSET)
              .arg("relay:tunnel:{" + runner + "}")
              .arg("owner")
              .arg(user.value())
              .arg("address")
              .arg("127.0.0.1:" + server.getAddress().getPort())
              .arg("connection")
              .arg("elsewhere"));
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void aRequestGoesToTheHolderAndItsAnswerComesBackAsAStream() throws Exception {
    register(runner, user);
    Peer peer = open(new Peer());
    peer.hold();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(
            mine(base() + "/up?x=%20").POST(BodyPublishers.ofByteArray(new byte[100_000])).build(),
            BodyHandlers.ofInputStream());
    assertThat(peer.seen.poll(10, TimeUnit.SECONDS))
        .isEqualTo("POST " + base() + "/up?x=%20 100000 " + SECRET);
    for (String piece : List.of("one", "two")) {
      peer.pieces.add(piece.getBytes(StandardCharsets.UTF_8));
      assertThat(waiting.get().body().readNBytes(3)).asString().isEqualTo(piece);
    }
    peer.pieces.add(new byte[0]);
    assertThat(waiting.get().body().read()).isEqualTo(-1);
    // the holder says what browsers must keep to; what this one says of its own would break apps
    assertThat(waiting.get().headers().map()).doesNotContainKey("content-security-policy");
  }

  @Test
  void nothingIsPassedOnForSomebodyElse() throws Exception {
    register(runner, user);
    Peer peer = open(new Peer());
    peer.hold();
    HttpResponse<String> answer =
        exchange(anyone(base() + "/").header("x-api-key", TestingIdentities.apiKey(stranger)));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(peer.seen).isEmpty();
  }

  @Test
  void aHolderThatIsGoneIsUnavailableAtOnce() throws Exception {
    register(runner, user);
    Peer peer = new Peer();
    peer.hold();
    peer.close();
    assertThat(exchange(mine(base() + "/")).statusCode()).isEqualTo(503);
  }

  @Test
  void whatWasPassedOnIsNotPassedOnAgain() throws Exception {
    register(runner, user);
    Peer peer = open(new Peer());
    peer.hold();
    HttpResponse<String> answer =
        exchange(mine(base() + "/").header("x-relay-internal-secret", SECRET));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Runner not available");
    assertThat(peer.seen).isEmpty();
  }

  @Test
  void theFormerHolderIsToldOfANewerConnection() throws Exception {
    register(runner, user);
    Peer peer = open(new Peer());
    peer.hold();
    open(ScriptedTunnel.connect(as(user), runner.value()));
    assertThat(peer.seen.poll(10, TimeUnit.SECONDS))
        .isEqualTo(
            "POST /internal/tunnels/replaced?runner="
                + runner
                + "&connection=elsewhere 0 "
                + SECRET);
  }

  @Test
  void aHolderThatIsToldOfANewerConnectionEndsItsOwn() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    CompletableFuture<HttpResponse<String>> waiting = send(mine(base() + "/old"));
    tunnel.awaitRequest("/old");
    String notice = "/internal/tunnels/replaced?runner=" + runner + "&connection=" + connection();
    assertThat(exchange(anyone(notice).POST(BodyPublishers.noBody())).statusCode()).isEqualTo(403);
    assertThat(tunnel.isClosed()).isFalse();
    exchange(
        anyone(notice).header("x-relay-internal-secret", SECRET).POST(BodyPublishers.noBody()));
    assertThat(answer(waiting).statusCode()).isEqualTo(502);
    tunnel.awaitClosed(LIMIT);
  }

  /** A notice may be lost; the holder finds out when it refreshes its claim. */
  @Test
  void aHolderWhoseClaimWasTakenEndsItsConnection() throws Exception {
    ScriptedTunnel tunnel = tunnel();
    Peer peer = open(new Peer());
    peer.hold();
    tunnel.awaitClosed(LIMIT);
  }

  @Test
  void aBrokenTransferOfTheHolderIsBrokenHere() throws Exception {
    register(runner, user);
    Peer peer = open(new Peer());
    peer.hold();
    CompletableFuture<HttpResponse<InputStream>> waiting =
        HTTP.sendAsync(mine(base() + "/x").build(), BodyHandlers.ofInputStream());
    peer.pieces.add(new byte[10]);
    InputStream body = waiting.get().body();
    body.readNBytes(10);
    peer.pieces.add(BREAK);
    assertThatThrownBy(body::read).isInstanceOf(IOException.class);
  }

  private String connection() {
    Response found =
        redis
            .send(Request.cmd(Command.HGET).arg("relay:tunnel:{" + runner + "}").arg("connection"))
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return found.toString();
  }
}
