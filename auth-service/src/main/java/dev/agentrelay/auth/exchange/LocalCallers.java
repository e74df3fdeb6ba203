package dev.agentrelay.auth.exchange;

import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Reason;
import dev.agentrelay.platform.identity.Identification.Unavailable;
import dev.agentrelay.platform.identity.Identification.Unknown;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/** Callers of this service itself: looked up here, not asked for over HTTP. */
@ApplicationScoped
public class LocalCallers implements CallerLookup {
  private static final Logger LOG = Logger.getLogger(LocalCallers.class);

  private final CredentialCheck check;
  private final ExecutorService executor;

  LocalCallers(CredentialCheck check, @VirtualThreads ExecutorService executor) {
    this.check = check;
    this.executor = executor;
  }

  @Override
  public Uni<Identification> identify(Credential credential) {
    return Uni.createFrom()
        .item(() -> identification(check.check(credential)))
        .runSubscriptionOn(executor)
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("a caller cannot be looked up: %s", failure);
              return new Unavailable();
            });
  }

  private static Identification identification(Checked checked) {
    return switch (checked) {
      case Checked.Good good ->
          new Known(new Caller(new UserId(good.account().id), good.account().displayName()));
      case Checked.BadKey bad -> new Unknown(Reason.INVALID_KEY);
      case Checked.UsedUp usedUp -> new Unknown(Reason.INVALID_KEY);
      case Checked.Ended ended -> new Unknown(Reason.NO_CREDENTIAL);
      case Checked.Nobody nobody -> new Unknown(Reason.NO_CREDENTIAL);
    };
  }
}
