package dev.agentrelay.auth.expiry;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.ApiKeys;
import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.auth.enrolment.MobileLinks;
import dev.agentrelay.auth.enrolment.SetupClaims;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Removes what has expired. Any number of replicas may do so at once. */
@ApplicationScoped
public class ExpirySweep {
  private static final Logger LOG = Logger.getLogger(ExpirySweep.class);

  private final ApiKeys keys;
  private final LoginSessions sessions;
  private final SetupClaims claims;
  private final MobileLinks links;
  private final AuditTrail audit;
  private final AuthConfig config;

  ExpirySweep(
      ApiKeys keys,
      LoginSessions sessions,
      SetupClaims claims,
      MobileLinks links,
      AuditTrail audit,
      AuthConfig config) {
    this.keys = keys;
    this.sessions = sessions;
    this.claims = claims;
    this.links = links;
    this.audit = audit;
    this.config = config;
  }

  @Scheduled(every = "10m", delayed = "1m")
  @RunOnVirtualThread
  void sweep() {
    try {
      LOG.debugf(
          "%d keys, %d logins, %d enrolments and %d lines of the audit trail had expired",
          keys.deleteExpired(),
          sessions.deleteExpired(),
          claims.deleteExpired() + links.deleteExpired(),
          audit.deleteBefore(Instant.now().minus(config.auditKept())));
    } catch (RuntimeException failure) {
      LOG.warnf("expired credentials wait to be removed: %s", failure);
    }
  }
}
