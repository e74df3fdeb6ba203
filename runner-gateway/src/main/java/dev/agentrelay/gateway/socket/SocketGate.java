package dev.agentrelay.gateway.socket;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.http.TrustedOrigins;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.identity.SessionCookies;
import dev.agentrelay.socketio.Admission;
import dev.agentrelay.socketio.Handshake;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may join a namespace (sockets.md 2). A caller that nobody can check right now is not
 * refused, because a refused client never comes back: its connection is closed instead.
 */
@Singleton
public class SocketGate {
  private static final Admission UNAUTHORIZED = new Admission.Refuse("unauthorized");
  private static final Admission UNTRUSTED = new Admission.Refuse("forbidden: untrusted origin");

  private final CallerLookup callers;
  private final TrustedOrigins origins;

  SocketGate(CallerLookup callers, TrustedOrigins origins) {
    this.callers = callers;
    this.origins = origins;
  }

  /** Daemons and workers: an API key in the auth object. */
  Future<Admission> admitKey(Handshake handshake) {
    String key = apiKey(handshake);
    return key == null
        ? Future.succeededFuture(UNAUTHORIZED)
        : identify(new ApiKey(key)).map(found -> found.orElse(UNAUTHORIZED));
  }

  /**
   * Browsers: a trusted origin, then an API key in the auth object or the login cookie of the
   * handshake.
   */
  Future<Admission> admitBrowser(Handshake handshake) {
    String origin = handshake.headers().get("Origin");
    if (origin != null && !origins.contains(origin)) {
      return Future.succeededFuture(UNTRUSTED);
    }
    String key = apiKey(handshake);
    Future<Optional<Admission>> byKey =
        key == null ? Future.succeededFuture(Optional.empty()) : identify(new ApiKey(key));
    return byKey.compose(
        found -> found.isPresent() ? Future.succeededFuture(found.get()) : admitCookie(handshake));
  }

  private Future<Admission> admitCookie(Handshake handshake) {
    return SessionCookies.find(handshake.headers().get("Cookie"))
        .map(cookie -> identify(cookie).map(found -> found.orElse(UNAUTHORIZED)))
        .orElse(Future.succeededFuture(UNAUTHORIZED));
  }

  /** What to do with a credential; empty when it is simply not good. */
  private Future<Optional<Admission>> identify(Credential credential) {
    Uni<Optional<Admission>> admission =
        callers
            .identify(credential)
            .map(
                found ->
                    switch (found) {
                      case Identification.Known known ->
                          Optional.of((Admission) new Admission.Accept(known.caller()));
                      case Identification.Unknown unknown -> Optional.empty();
                      case Identification.Unavailable unavailable ->
                          Optional.of(new Admission.Unavailable());
                    });
    return UniHelper.toFuture(admission);
  }

  private static @Nullable String apiKey(Handshake handshake) {
    RawObject auth = RawObject.parse(handshake.auth());
    String key = auth == null ? null : auth.text("apiKey");
    return key == null || key.isEmpty() ? null : key;
  }
}
