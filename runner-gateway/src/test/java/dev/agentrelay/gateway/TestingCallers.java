package dev.agentrelay.gateway;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Identification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows every credential of the form {@code key-<user>}, and some only when asked for the second
 * time.
 */
@Singleton
public class TestingCallers implements CallerLookup {
  private static final String KEY = "key-";
  private static final String LATER = "later-";

  private final Set<String> askedBefore = ConcurrentHashMap.newKeySet();

  static String keyOf(String user) {
    return KEY + user;
  }

  /** A key that nobody can check when it is first seen, as if auth-service were away. */
  static String keyThatIsCheckedLater(String user) {
    return LATER + user;
  }

  @Override
  public Uni<Identification> identify(Credential credential) {
    return Uni.createFrom().item(find(credential.value()));
  }

  private Identification find(String value) {
    if (value.startsWith(LATER)) {
      return askedBefore.add(value)
          ? new Identification.Unavailable()
          : known(value.substring(LATER.length()));
    }
    return value.startsWith(KEY)
        ? known(value.substring(KEY.length()))
        : new Identification.Unknown(Identification.Reason.INVALID_KEY);
  }

  private static Identification known(String user) {
    return new Identification.Known(new Caller(new UserId(user), "Name of " + user));
  }
}
