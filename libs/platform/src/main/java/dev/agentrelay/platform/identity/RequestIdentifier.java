package dev.agentrelay.platform.identity;

import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Reason;
import dev.agentrelay.platform.identity.Identification.Unavailable;
import dev.agentrelay.platform.identity.Identification.Unknown;
import dev.agentrelay.platform.limit.KeyQuota;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sends an HTTP request, by the precedence of rest.md 1.2: a key header decides alone;
 * then the login cookie; a bearer key last.
 */
@ApplicationScoped
public class RequestIdentifier {
  private static final String BEARER = "Bearer ";

  private final CallerLookup callers;
  private final KeyQuota quota;

  RequestIdentifier(CallerLookup callers, KeyQuota quota) {
    this.callers = callers;
    this.quota = quota;
  }

  /**
   * @param apiKey the {@code x-api-key} header
   * @param cookie the {@code Cookie} header
   * @param authorization the {@code Authorization} header
   */
  public Uni<Identification> identify(
      @Nullable String apiKey, @Nullable String cookie, @Nullable String authorization) {
    if (apiKey != null && !apiKey.isEmpty()) {
      return byKey(new ApiKey(apiKey));
    }
    Uni<Identification> byCookie =
        SessionCookies.find(cookie)
            .<Uni<Identification>>map(callers::identify)
            .orElseGet(() -> Uni.createFrom().item(new Unknown(Reason.NO_CREDENTIAL)));
    Optional<ApiKey> bearer = bearer(authorization);
    return bearer.isEmpty()
        ? byCookie
        : byCookie.flatMap(
            found -> found instanceof Unknown ? byKey(bearer.get()) : Uni.createFrom().item(found));
  }

  private Uni<Identification> byKey(ApiKey key) {
    Uni<Identification> found = callers.identify(key);
    return quota.isOn() ? found.flatMap(one -> withinQuota(one, key)) : found;
  }

  private Uni<Identification> withinQuota(Identification found, ApiKey key) {
    if (!(found instanceof Known)) {
      return Uni.createFrom().item(found);
    }
    return quota
        .count(key)
        .map(wait -> wait.isEmpty() ? found : new Unknown(Reason.INVALID_KEY))
        .onFailure()
        .recoverWithItem(failure -> new Unavailable());
  }

  /** The key in an {@code Authorization} header, if that is what it holds. */
  public static Optional<ApiKey> bearer(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    String key = authorization.substring(BEARER.length()).strip();
    return key.isEmpty() ? Optional.empty() : Optional.of(new ApiKey(key));
  }
}
