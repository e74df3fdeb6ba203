package dev.agentrelay.tunnel.viewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.tunnel.host.HostLabels;
import dev.agentrelay.tunnel.token.TunnelTokens;
import dev.agentrelay.tunnel.token.TunnelTokens.Minted;
import dev.agentrelay.tunnel.viewer.TunnelPath.Scope;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/tunnel-token} (X46 of rest.md). */
@Singleton
class TokenRoute {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BODY = 16 * 1024;
  private static final int MAX_PORT = 65_535;

  private final TunnelGate gate;
  private final OriginGate origins;
  private final TunnelTokens tokens;
  private final HostLabels labels;

  private record Asked(Scope scope, int port) {}

  TokenRoute(TunnelGate gate, OriginGate origins, TunnelTokens tokens, HostLabels labels) {
    this.gate = gate;
    this.origins = origins;
    this.tokens = tokens;
    this.labels = labels;
  }

  void mount(@Observes Router router) {
    router.route("/api/tunnel-token").handler(exchange -> answer(exchange.request()));
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    try {
      origins.check(request, false);
    } catch (RelayException refused) {
      Answers.fail(request, refused);
      return;
    }
    if (!request.method().name().equals("POST")) {
      TunnelRoutes.refuseMethod(request, List.of("POST"));
      return;
    }
    gate.identify(request, false)
        .compose(
            user ->
                readBody(request)
                    .map(TokenRoute::parse)
                    .compose(
                        asked ->
                            gate.runnerOf(user, asked.scope())
                                .compose(
                                    runner ->
                                        labels
                                            .mint(user, asked.scope().text(), asked.port())
                                            .map(
                                                hostUrl ->
                                                    text(
                                                        asked,
                                                        tokens.mint(
                                                            user,
                                                            asked.scope().text(),
                                                            asked.port()),
                                                        hostUrl)))))
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("Content-Type", "application/json;charset=utf-8")
                    .putHeader("Cache-Control", "no-store")
                    .end(body))
        .onFailure(failure -> Answers.fail(request, failure));
  }

  private static Future<Buffer> readBody(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        bytes -> {
          if (body.length() <= MAX_BODY) {
            body.appendBuffer(bytes);
          }
        });
    Future<Void> end = request.end();
    request.resume();
    return end.map(complete -> body);
  }

  private static Asked parse(Buffer body) {
    try {
      if (body.length() <= MAX_BODY
          && JSON.readTree(body.getBytes()) instanceof ObjectNode object) {
        return new Asked(scope(object), port(object.path("port")));
      }
    } catch (IOException malformed) {
      // Answered like every body that is no object.
    }
    throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid JSON");
  }

  private static Scope scope(ObjectNode asked) {
    String session = asked.path("sessionId").asText("");
    if (!session.isBlank()) {
      return new Scope.OfSession(new SessionId(session));
    }
    String runner = asked.path("runnerId").asText("");
    if (runner.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing session or runner ID");
    }
    return new Scope.OfRunner(new RunnerId(runner));
  }

  private static int port(JsonNode given) {
    String digits = given.asText("");
    if (digits.matches("\\d{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port > 0 && port <= MAX_PORT) {
        return port;
      }
    }
    throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid port");
  }

  private static String text(Asked asked, Minted minted, Optional<String> hostUrl) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("token", minted.token());
    answer.put("expiresAt", Timestamps.text(minted.expiresAt()));
    answer.put(
        "url",
        "/api/tunnel/auth/"
            + minted.token()
            + "/"
            + TunnelPath.encoded(asked.scope().text())
            + "/"
            + asked.port()
            + "/");
    hostUrl.ifPresent(url -> answer.put("hostUrl", url));
    try {
      return JSON.writeValueAsString(answer);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
