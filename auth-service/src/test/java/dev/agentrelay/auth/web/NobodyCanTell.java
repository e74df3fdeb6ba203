package dev.agentrelay.auth.web;

import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Identification;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.inject.Inject;

/** Looks callers up as ever, but for one credential of which nobody can tell whose it is. */
@Decorator
@Priority(1)
public class NobodyCanTell implements CallerLookup {
  static final Credential CREDENTIAL = new Credential.ApiKey("perhaps a good one");

  private final CallerLookup callers;

  @Inject
  NobodyCanTell(@Delegate CallerLookup callers) {
    this.callers = callers;
  }

  @Override
  public Uni<Identification> identify(Credential credential) {
    return credential.equals(CREDENTIAL)
        ? Uni.createFrom().item(new Identification.Unavailable())
        : callers.identify(credential);
  }
}
