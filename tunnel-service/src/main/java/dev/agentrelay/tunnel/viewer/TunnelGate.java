package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerFilter;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Unknown;
import dev.agentrelay.platform.identity.RequestIdentifier;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.tunnel.connection.TunnelDirectory;
import dev.agentrelay.tunnel.connection.TunnelDirectory.Holder;
import dev.agentrelay.tunnel.connection.UserTraffic;
import dev.agentrelay.tunnel.token.TunnelTokens;
import dev.agentrelay.tunnel.viewer.TunnelPath.Scope;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Decides who may use which tunnel, before anything reaches the runner (tunnel.md 3.2, 3.3). The
 * caller, the owner of the runner's record and the owner of its connection must be one.
 */
@Singleton
class TunnelGate {
  private static final long REDIS_TIMEOUT_SECONDS = 3;

  /**
   * A port that was exposed just now is heard of by its user, who may open it at once, before it
   * stands in the record.
   */
  private static final long NEWS_OF_PORTS_MILLIS = 500;

  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final Vertx vertx;
  private final OriginGate origins;
  private final RequestIdentifier identifier;
  private final CallerLookup callers;
  private final LiveStateReader live;
  private final TunnelDirectory directory;
  private final TunnelTokens tokens;
  private final UserTraffic traffic;

  /** A tunnel that may be used, and where its runner is connected. */
  record Admission(RunnerId runner, Holder holder) {}

  TunnelGate(
      Vertx vertx,
      OriginGate origins,
      RequestIdentifier identifier,
      CallerLookup callers,
      LiveStateReader live,
      TunnelDirectory directory,
      TunnelTokens tokens,
      UserTraffic traffic) {
    this.vertx = vertx;
    this.origins = origins;
    this.identifier = identifier;
    this.callers = callers;
    this.live = live;
    this.directory = directory;
    this.tokens = tokens;
    this.traffic = traffic;
  }

  /** Lets a request to a path tunnel pass, or fails with its answer. */
  Future<Admission> admit(HttpServerRequest request, TunnelPath path, boolean upgrade) {
    String token = path.token();
    if (token != null) {
      return tokens
          .verify(token, path.scope().text(), path.port())
          .map(user -> admitGranted(user, path.scope(), path.port(), "Tunnel token revoked"))
          .orElseGet(
              () ->
                  Future.failedFuture(
                      new RelayException(
                          ErrorCode.UNAUTHORIZED, "Invalid or expired tunnel token")));
    }
    origins.check(request, upgrade);
    return identify(request, upgrade)
        .compose(
            user -> {
              if (path.port() == 0) {
                throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid port");
              }
              return admit(user, path.scope(), path.port());
            });
  }

  /**
   * The tunnel that a user has granted to others, who are told so when its session or runner is
   * gone, or somebody else's, by now.
   */
  Future<Admission> admitGranted(UserId user, Scope scope, int port, String whenRevoked) {
    return admit(user, scope, port)
        .recover(
            failure -> {
              boolean gone =
                  failure instanceof RelayException known
                      && (known.code() == ErrorCode.NOT_FOUND
                          || known.code() == ErrorCode.FORBIDDEN);
              return Future.failedFuture(
                  gone ? new RelayException(ErrorCode.UNAUTHORIZED, whenRevoked) : failure);
            });
  }

  /** The caller's own tunnel of that scope. */
  private Future<Admission> admit(UserId user, Scope scope, int port) {
    traffic.require(user);
    return runnerOf(user, scope)
        .compose(
            runner ->
                runner.isClosed(port)
                    ? vertx.timer(NEWS_OF_PORTS_MILLIS).compose(later -> runnerOf(user, scope))
                    : Future.succeededFuture(runner))
        .compose(
            runner -> {
              if (runner.isClosed(port)) {
                throw new PlainRefusal(NOT_FOUND, "Port " + port + " is not exposed");
              }
              return holder(user, runner.runnerId());
            });
  }

  /** The caller's runner of that scope, whether its tunnel is connected or not. */
  Future<LiveRunner> runnerOf(UserId user, Scope scope) {
    return switch (scope) {
      case Scope.OfRunner direct -> runner(user, direct.runner(), ErrorCode.NOT_FOUND);
      case Scope.OfSession via ->
          wait(live.session(via.session()))
              .compose(
                  found -> {
                    LiveSession session =
                        found.orElseThrow(
                            () -> new RelayException(ErrorCode.NOT_FOUND, "Session not found"));
                    if (!session.userId().equals(user)) {
                      throw forbidden();
                    }
                    RunnerId runner = session.runnerId();
                    if (runner == null) {
                      throw new RelayException(ErrorCode.UNAVAILABLE, "Session has no runner");
                    }
                    return runner(user, runner, ErrorCode.UNAVAILABLE);
                  });
    };
  }

  private Future<LiveRunner> runner(UserId user, RunnerId id, ErrorCode whenAbsent) {
    return wait(live.runner(id))
        .map(
            found -> {
              LiveRunner runner =
                  found.orElseThrow(
                      () ->
                          whenAbsent == ErrorCode.NOT_FOUND
                              ? new RelayException(whenAbsent, "Runner not found")
                              : notConnected());
              if (!runner.userId().equals(user)) {
                throw forbidden();
              }
              return runner;
            });
  }

  private Future<Admission> holder(UserId user, RunnerId runner) {
    return directory
        .find(runner)
        .map(
            found ->
                found
                    .filter(holder -> holder.owner().equals(user))
                    .map(holder -> new Admission(runner, holder))
                    .orElseThrow(TunnelGate::notConnected));
  }

  /** Who is asking; fails with the answer when nobody knows. */
  Future<UserId> identify(HttpServerRequest request, boolean upgrade) {
    Uni<Identification> found =
        identifier.identify(
            request.getHeader(CallerFilter.API_KEY_HEADER),
            request.getHeader(HttpHeaders.COOKIE),
            request.getHeader(HttpHeaders.AUTHORIZATION));
    String queryKey = upgrade ? request.getParam("apiKey") : null;
    if (queryKey != null && !request.headers().contains(CallerFilter.API_KEY_HEADER)) {
      found =
          found.flatMap(
              first ->
                  first instanceof Unknown
                      ? callers.identify(new ApiKey(queryKey))
                      : Uni.createFrom().item(first));
    }
    return UniHelper.toFuture(found)
        .map(
            identification ->
                switch (identification) {
                  case Known known -> known.caller().userId();
                  case Unknown unknown ->
                      throw new PlainRefusal(UNAUTHORIZED, unknown.reason().text());
                  case Identification.Unavailable away ->
                      throw new RelayException(
                          ErrorCode.UNAVAILABLE, "Service temporarily unavailable");
                });
  }

  private static <T> Future<T> wait(Uni<T> read) {
    return UniHelper.toFuture(read).timeout(REDIS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  static RelayException notConnected() {
    return new RelayException(ErrorCode.UNAVAILABLE, "Runner not available");
  }

  private static RelayException forbidden() {
    return new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
  }
}
