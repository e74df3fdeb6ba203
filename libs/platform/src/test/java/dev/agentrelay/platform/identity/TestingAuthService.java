package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.UserId;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Answers exchanges as auth-service does, and counts them. */
final class TestingAuthService implements AutoCloseable {
  final AtomicInteger exchanges = new AtomicInteger();
  final Map<String, String> users = new ConcurrentHashMap<>();

  private final HttpServer server;
  private final String secret;
  private volatile EllipticCurveJsonWebKey key = newKey("first");
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  private volatile int status = 200;
  private final AtomicInteger connectionsToLose = new AtomicInteger();

  TestingAuthService(Vertx vertx, String secret) {
    this.secret = secret;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  void answerWith(int newStatus) {
    status = newStatus;
  }

  /** Holds back answers until the returned future is completed. */
  CompletableFuture<Void> holdBack() {
    gate = new CompletableFuture<>();
    return gate;
  }

  /** Ends the connections of the next questions, as a replica does that is killed. */
  void loseConnections(int next) {
    connectionsToLose.set(next);
  }

  void rotateKey() {
    key = newKey("second");
  }

  private void answer(HttpServerRequest request) {
    if (!secret.equals(request.getHeader("x-relay-internal-secret"))) {
      request.response().setStatusCode(403).end();
    } else if (request.path().equals(AuthServiceClient.KEYS_PATH)) {
      request.response().end(new JsonWebKeySet(List.of(key)).toJson());
    } else if (connectionsToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      request.connection().close();
    } else {
      request.body().onSuccess(body -> exchange(request, body.toJsonObject()));
    }
  }

  private void exchange(HttpServerRequest request, JsonObject body) {
    exchanges.incrementAndGet();
    // Answered as things stand when the question came, however late the answer leaves.
    String user = users.get(body.getString("apiKey", body.getString("cookie")));
    JsonObject answer = new JsonObject();
    if (user != null) {
      answer.put("token", token(new UserId(user)));
    }
    var unused =
        gate.thenRun(() -> request.response().setStatusCode(status).end(answer.toBuffer()));
  }

  private String token(UserId user) {
    return Jwt.issuer(IdentityToken.ISSUER)
        .audience(IdentityToken.AUDIENCE)
        .subject(user.value())
        .claim(IdentityToken.NAME_CLAIM, "Name of " + user)
        .expiresIn(Duration.ofMinutes(5))
        .jws()
        .algorithm(SignatureAlgorithm.ES256)
        .keyId(key.getKeyId())
        .sign(key.getPrivateKey());
  }

  private static EllipticCurveJsonWebKey newKey(String id) {
    try {
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
