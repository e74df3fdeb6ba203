package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.Superseded;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.eventlog.EventLog;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.quota.UserQuotas;
import dev.agentrelay.gateway.ring.AppendScript;
import dev.agentrelay.gateway.ring.RingWriter;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes this replica the owner of a session when its worker registers here (sockets.md 4.3). */
@Singleton
public class SessionRegistrar {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TOKEN_BYTES = 32;

  private final SessionRecords records;
  private final UserQuotas quotas;
  private final Parents parents;
  private final OwnedSessions owned;
  private final SessionRestoration restoration;
  private final SessionAudience audience;
  private final SessionEnding ending;
  private final SessionAnnouncements announcements;
  private final AppendScript appends;
  private final LifecycleEvents lifecycle;
  private final EventLog log;
  private final ReplicaMail mail;
  private final Replica self;
  private final GatewayConfig config;
  private final SharedClock clock;
  private final String publicUrl;

  SessionRegistrar(
      SessionRecords records,
      UserQuotas quotas,
      Parents parents,
      OwnedSessions owned,
      SessionRestoration restoration,
      SessionAudience audience,
      SessionEnding ending,
      SessionAnnouncements announcements,
      AppendScript appends,
      LifecycleEvents lifecycle,
      EventLog log,
      ReplicaMail mail,
      Replica self,
      GatewayConfig config,
      RelayConfig relay,
      SharedClock clock) {
    this.records = records;
    this.quotas = quotas;
    this.parents = parents;
    this.owned = owned;
    this.restoration = restoration;
    this.audience = audience;
    this.ending = ending;
    this.announcements = announcements;
    this.appends = appends;
    this.lifecycle = lifecycle;
    this.log = log;
    this.mail = mail;
    this.self = self;
    this.config = config;
    this.clock = clock;
    this.publicUrl = relay.publicAddress().url().toString().replaceAll("/+$", "");
  }

  /** A session under the ownership of this replica, as its worker is told. */
  public record Registered(
      OwnedSession session, String shareUrl, @Nullable SessionId parent, boolean delinked) {}

  /** Where people open a session in a browser. */
  public String shareUrl(SessionId id) {
    return publicUrl + "/session/" + id;
  }

  /**
   * Takes the session over from whoever had it. Fails when Redis is away, and with 429 when the
   * user has enough sessions; nothing has changed then.
   */
  public Future<Registered> register(Socket worker, Caller caller, Registration registration) {
    return quotas
        .requireSession(caller.userId(), registration.requested())
        .compose(room -> parents.resolve(caller.userId(), registration))
        .compose(
            parent -> {
              Map<SessionField, String> fields = fields(caller, registration, parent);
              return records
                  .register(registration.requested(), caller.userId(), fields)
                  .compose(
                      taken ->
                          taken.isPresent()
                              ? parents
                                  .link(caller.userId(), registration, parent)
                                  .map(
                                      linked ->
                                          own(
                                              worker,
                                              caller,
                                              registration,
                                              parent,
                                              fields,
                                              taken.get()))
                              : register(worker, caller, registration.withFreshId()));
            });
  }

  private Map<SessionField, String> fields(
      Caller caller, Registration registration, Parents.Parent parent) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    fields.put(SessionField.USER_NAME, caller.userName());
    fields.put(SessionField.CWD, registration.cwd());
    fields.put(SessionField.SHARE_URL, shareUrl(registration.requested()));
    fields.put(SessionField.EPHEMERAL, registration.ephemeral() ? "1" : "0");
    fields.put(SessionField.COLLAB, registration.collab() ? "1" : "0");
    fields.put(SessionField.ACTIVE, "0");
    if (registration.ephemeral()) {
      long expiresAt = clock.millis() + config.ephemeralTtl().toMillis();
      fields.put(SessionField.EXPIRES_AT, Long.toString(expiresAt));
    }
    if (registration.acksTriggers()) {
      fields.put(SessionField.ACKS_TRIGGERS, "1");
    }
    put(fields, SessionField.NAME, registration.sessionName());
    put(fields, SessionField.SESSION_FILE, registration.sessionFile());
    put(fields, SessionField.PARENT_ID, parent.live());
    put(fields, SessionField.LINKED_PARENT_ID, parent.away());
    return fields;
  }

  private static void put(
      Map<SessionField, String> fields, SessionField field, @Nullable Object value) {
    if (value != null) {
      fields.put(field, value.toString());
    }
  }

  private Registered own(
      Socket worker,
      Caller caller,
      Registration registration,
      Parents.Parent parent,
      Map<SessionField, String> fields,
      SessionRecords.Taken taken) {
    SessionId id = registration.requested();
    OwnedSession session =
        new OwnedSession(
            id,
            taken.epoch(),
            caller.userId(),
            registration.ephemeral(),
            registration.collab(),
            worker,
            newToken(),
            log.of(id, caller.userId(), taken.epoch()),
            config.snapshotBytes());
    session.busyness.name = registration.sessionName();
    session.activity.linkRefreshedAt = clock.millis();
    session.record().putAll(fields);
    session.record().put(SessionField.STARTED_AT, Long.toString(taken.startedAt().toEpochMilli()));
    session.record().put(SessionField.EARLIER_SEQ, Long.toString(taken.earlierSeq()));
    session.link(taken.runner(), taken.runnerName());
    RingWriter.Listener listener = new OwnershipListener(session, owned, restoration, audience);
    session.writeTo(
        new RingWriter(
            id,
            worker.context(),
            appends.senderFor(id, taken.epoch(), registration.ephemeral()),
            listener,
            config.appendBacklogBytes()));
    if (taken.previous() != null) {
      ending.reconnected(session, taken.runner());
      if (!taken.previous().equals(self.id())) {
        mail.tell(taken.previous(), new Superseded(id, taken.epoch()));
      }
    }
    owned.add(session);
    announcements.added(session, fields, parent.live(), taken);
    Instant now = clock.instant();
    lifecycle.say(
        new SessionEvent.Started(
            id,
            taken.epoch(),
            now,
            caller.userId(),
            caller.userName(),
            registration.cwd(),
            shareUrl(id),
            taken.startedAt(),
            registration.ephemeral(),
            registration.ephemeral() ? now.plus(config.ephemeralTtl()) : null,
            registration.sessionName(),
            taken.runner(),
            taken.runnerName(),
            parent.live()));
    return new Registered(session, shareUrl(id), parent.live(), parent.delinked());
  }

  private static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
