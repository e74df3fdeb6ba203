package dev.agentrelay.platform.identity;

import io.smallrye.mutiny.Uni;

/** Tells who presents a credential. Asked from event loops: never blocks, never fails. */
public interface CallerLookup {
  Uni<Identification> identify(Credential credential);
}
