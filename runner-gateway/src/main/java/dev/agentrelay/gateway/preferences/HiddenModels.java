package dev.agentrelay.gateway.preferences;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.platform.preferences.UserPreferences;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Tells whoever lists or takes models which of them a user has hidden (rest.md 6.5). While nobody
 * can say, nothing is shown or taken.
 */
@Singleton
public class HiddenModels {
  private static final Logger LOG = Logger.getLogger(HiddenModels.class);
  private static final Duration COME_BACK = Duration.ofSeconds(2);

  private final PreferenceDirectory directory;

  HiddenModels(PreferenceDirectory directory) {
    this.directory = directory;
  }

  /** What the user prefers. Fails with 503 while nobody can say. */
  public Future<UserPreferences> of(UserId user) {
    return UniHelper.toFuture(directory.of(user))
        .recover(
            failure -> {
              LOG.warnf("Which models user %s has hidden is not known: %s", user, failure);
              return Future.failedFuture(
                  new RelayException(
                      ErrorCode.UNAVAILABLE, "Service temporarily unavailable", COME_BACK));
            });
  }
}
