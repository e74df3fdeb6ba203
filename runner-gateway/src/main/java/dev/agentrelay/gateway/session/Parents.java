package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parent of a registering session, the one it names or else the one it had, and links the
 * two (sockets.md 4.3, step 6).
 */
@Singleton
class Parents {
  private static final int ID_SHOWN = 16;

  private final ChildLinks links;
  private final SessionAudience audience;
  private final LifecycleEvents events;

  Parents(ChildLinks links, SessionAudience audience, LifecycleEvents events) {
    this.links = links;
    this.audience = audience;
    this.events = events;
  }

  /**
   * A session's parent.
   *
   * @param live the parent, when it is live
   * @param away the parent that is not live just now, and to which the session stays linked
   * @param delinked whether the parent has let go of the session
   * @param former parents that the session's record had until now
   */
  record Parent(
      @Nullable SessionId live,
      @Nullable SessionId away,
      boolean delinked,
      List<SessionId> former) {}

  Future<Parent> resolve(UserId user, Registration registration) {
    return former(user, registration.requested())
        .compose(
            former -> {
              SessionId named = registration.parent();
              SessionId candidate = named != null ? named : former.isEmpty() ? null : former.get(0);
              return candidate == null
                  ? Future.succeededFuture(new Parent(null, null, false, former))
                  : judge(user, registration.requested(), candidate, former);
            });
  }

  private Future<Parent> judge(
      UserId user, SessionId child, SessionId candidate, List<SessionId> former) {
    return links
        .find(candidate)
        .compose(
            found -> {
              if (found.isPresent() && !found.get().user().equals(user)) {
                return Future.succeededFuture(new Parent(null, null, false, former));
              }
              return links
                  .isDelinked(candidate, child)
                  .map(
                      delinked ->
                          delinked
                              ? new Parent(null, null, true, former)
                              : new Parent(
                                  found.isPresent() ? candidate : null,
                                  found.isPresent() ? null : candidate,
                                  false,
                                  former));
            });
  }

  /** Those that the record of the session names, before it registers again. */
  private Future<List<SessionId>> former(UserId user, SessionId id) {
    return links
        .find(id)
        .map(
            found -> {
              List<SessionId> parents = new ArrayList<>();
              Optional<LinkedSession> own = found.filter(record -> record.user().equals(user));
              own.map(LinkedSession::parent).ifPresent(parents::add);
              own.map(LinkedSession::awayParent).ifPresent(parents::add);
              return parents;
            });
  }

  /** Writes down what was found, once the session is this user's. */
  Future<Void> link(UserId user, Registration registration, Parent parent) {
    SessionId child = registration.requested();
    SessionId current = parent.live() != null ? parent.live() : parent.away();
    List<Future<?>> writes = new ArrayList<>();
    for (SessionId former : parent.former()) {
      if (!former.equals(current)) {
        writes.add(links.forget(former, child));
      }
    }
    if (parent.live() != null) {
      SessionId live = parent.live();
      writes.add(
          links
              .link(live, child)
              .onSuccess(
                  isNew -> {
                    if (isNew) {
                      tell(user, live, registration);
                    }
                  }));
    } else if (parent.away() != null) {
      writes.add(links.add(parent.away(), child));
    }
    return Future.all(writes).mapEmpty();
  }

  private void tell(UserId user, SessionId parent, Registration registration) {
    String child = registration.requested().value();
    String triggerId = "linked_" + child.substring(0, Math.min(ID_SHOWN, child.length()));
    RawObject payload = RawObject.empty().put("childSessionId", child);
    if (registration.sessionName() != null) {
      payload.put("sessionName", registration.sessionName());
    }
    events.say(
        new TriggerEvent.Delivered(
            parent,
            Instant.now(),
            user,
            triggerId,
            "session_linked",
            child,
            registration.sessionName(),
            new JsonText(payload.toString()),
            "followUp",
            "inbound"));
    audience.emitToViewers(
        parent, "trigger_delivered", RawObject.empty().put("triggerId", triggerId));
  }
}
