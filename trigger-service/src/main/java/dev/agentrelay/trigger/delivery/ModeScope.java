package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.catalog.Catalogue;
import dev.agentrelay.trigger.catalog.Catalogues;
import dev.agentrelay.trigger.catalog.TriggerDefinition;
import dev.agentrelay.trigger.live.LiveState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Which sessions work in a folder that a type is meant for, at this moment (rest.md 5.7). */
@ApplicationScoped
public class ModeScope {
  private static final int LOOKED_AT_ONCE = 64;

  private final LiveState live;
  private final Catalogues catalogues;

  ModeScope(LiveState live, Catalogues catalogues) {
    this.live = live;
    this.catalogues = catalogues;
  }

  /** Those of the user's sessions that may be told of the type as the runner declares it. */
  public List<SessionId> of(LiveRunner runner, UserId user, String type, List<SessionId> sessions) {
    Catalogue catalogue = catalogues.of(runner).orElse(null);
    TriggerDefinition definition =
        catalogue == null ? null : catalogue.definition(type).orElse(null);
    if (catalogue == null || definition == null || definition.modes().isEmpty()) {
      return sessions;
    }
    return Parallel.map(sessions, LOOKED_AT_ONCE, id -> live.session(id, user)).stream()
        .flatMap(Optional::stream)
        .filter(session -> catalogue.allows(definition, session.cwd()))
        .map(LiveSession::sessionId)
        .toList();
  }
}
