package dev.agentrelay.platform.preferences;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.AuthServiceClient;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Tells what a user prefers. Asked of auth-service at most every few seconds for each user; while
 * auth-service is away, what it last said holds. Never blocks.
 */
@ApplicationScoped
public class PreferenceDirectory {
  private static final Logger LOG = Logger.getLogger(PreferenceDirectory.class);
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int USERS = 10_000;

  private final AuthServiceClient auth;
  private final Cache<UserId, Heard> heard =
      Caffeine.newBuilder().maximumSize(USERS).expireAfterWrite(KEPT).build();

  PreferenceDirectory(AuthServiceClient auth, RelayMetrics metrics) {
    this.auth = auth;
    metrics.bound(Bound.PREFERENCES, heard::estimatedSize, USERS);
  }

  private record Heard(UserPreferences preferences, Instant at) {}

  /**
   * The preferences of a user. Fails with 503 when auth-service is away and has said nothing of
   * this user lately: what is hidden must not be shown because nobody can be asked.
   */
  public Uni<UserPreferences> of(UserId user) {
    Heard last = heard.getIfPresent(user);
    if (last != null && last.at().plus(FRESH).isAfter(Instant.now())) {
      return Uni.createFrom().item(last.preferences());
    }
    Uni<UserPreferences> answer =
        auth.get(UserPreferences.PATH + "/" + user).map(said -> learn(user, said));
    return answer
        .onFailure()
        .invoke(failure -> LOG.warnf("preferences of %s cannot be asked for: %s", user, failure))
        .onFailure()
        .recoverWithUni(
            failure ->
                last == null
                    ? Uni.createFrom().failure(RelayException.unavailable())
                    : Uni.createFrom().item(last.preferences()));
  }

  private UserPreferences learn(UserId user, JsonObject said) {
    UserPreferences preferences =
        new UserPreferences(
            said.getJsonArray("hiddenModels", new JsonArray()).stream()
                .map(String::valueOf)
                .toList(),
            said.getString("subagentModel"));
    learn(user, preferences);
    return preferences;
  }

  /** Takes over what was said elsewhere, by an event. */
  public void learn(UserId user, UserPreferences preferences) {
    heard.put(user, new Heard(preferences, Instant.now()));
  }
}
