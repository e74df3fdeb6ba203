package dev.agentrelay.auth.exchange;

import dev.agentrelay.auth.apikey.ApiKeys;
import dev.agentrelay.auth.login.LoginSessions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Removes what has expired. Any number of replicas may do so at once. */
@ApplicationScoped
public class ExpirySweep {
  private static final Logger LOG = Logger.getLogger(ExpirySweep.class);

  private final ApiKeys keys;
  private final LoginSessions sessions;

  ExpirySweep(ApiKeys keys, LoginSessions sessions) {
    this.keys = keys;
    this.sessions = sessions;
  }

  @Scheduled(every = "10m", delayed = "1m")
  @RunOnVirtualThread
  void sweep() {
    try {
      LOG.debugf(
          "%d keys and %d logins had expired", keys.deleteExpired(), sessions.deleteExpired());
    } catch (RuntimeException failure) {
      LOG.warnf("expired credentials wait to be removed: %s", failure);
    }
  }
}
