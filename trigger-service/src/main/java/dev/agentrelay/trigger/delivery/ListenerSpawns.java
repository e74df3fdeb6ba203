package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.EndSession;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.preferences.HiddenModels;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.delivery.ExpectantSessions.Orphan;
import dev.agentrelay.trigger.listener.ListenerRow;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts a session for a listener and hands it its trigger (rest.md 5.6). A session that does not
 * get it is ended, because it would wait for work for ever.
 */
@ApplicationScoped
public class ListenerSpawns {
  private static final Logger LOG = Logger.getLogger(ListenerSpawns.class);

  private final Deliveries deliveries;
  private final ExpectantSessions expectant;
  private final HiddenModels hiddenModels;
  private final TriggerConfig config;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  ListenerSpawns(
      Deliveries deliveries,
      ExpectantSessions expectant,
      HiddenModels hiddenModels,
      TriggerConfig config) {
    this.deliveries = deliveries;
    this.expectant = expectant;
    this.hiddenModels = hiddenModels;
    this.config = config;
  }

  /**
   * Starts a session by the listener's settings and delivers the trigger to it. The listener's
   * prompt goes into the payload, not to the runner: the agent must not begin before its trigger.
   *
   * @param attempt counts the attempts that came to an end; the same one again goes on with the
   *     same session
   * @return the session, or empty when there is none that has the trigger
   */
  public Optional<SessionId> fire(ListenerRow listener, Trigger trigger, int attempt) {
    UserId user = listener.userId();
    String name = "%s:%s:%d".formatted(trigger.id(), listener.id(), attempt);
    SessionId session =
        new SessionId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    Spawn spawn;
    try {
      spawn = spawn(listener, session);
    } catch (RelayException unknown) {
      LOG.warnf("Listener %s waits until it is known which models are hidden", listener.id());
      return Optional.empty();
    }
    expectant.expect(session, user, spawn.runner());
    try {
      CommandAnswer started = ask(name, user, spawn);
      if (started.outcome() == Outcome.ACKNOWLEDGED && hand(listener, trigger, session)) {
        expectant.settled(session);
        return Optional.of(session);
      }
      LOG.warnf(
          "Listener %s started no session that has its trigger: %s %s",
          listener.id(), started.outcome(), started.reason());
      if (started.outcome() != Outcome.ACKNOWLEDGED && !started.isDelivered()) {
        expectant.settled(session);
        return Optional.empty();
      }
    } catch (RuntimeException unknown) {
      LOG.warnf("Whether listener %s started a session is not known: %s", listener.id(), unknown);
    }
    expectant.giveUp(session);
    executor.execute(() -> endOrLeave(new Orphan(session, user, spawn.runner())));
    return Optional.empty();
  }

  private Spawn spawn(ListenerRow listener, SessionId session) {
    String cwd = listener.cwd();
    return Spawn.on(listener.runnerId())
        .withSession(session)
        .withCwd(cwd == null || cwd.isEmpty() ? null : cwd)
        .withModel(hiddenModels.unlessHidden(listener.userId(), listener.model()))
        .withAutoClose(Boolean.TRUE.equals(listener.autoClose()) ? Boolean.TRUE : null)
        .build();
  }

  private CommandAnswer ask(String name, UserId user, Spawn spawn) {
    return deliveries.await(
        new CommandId(name + ":spawn"),
        user,
        spawn,
        spawn.readyWait().plus(config.delivery().answerWithin()));
  }

  private boolean hand(ListenerRow listener, Trigger trigger, SessionId session) {
    Trigger prompted = trigger.withPayload(withPrompt(listener.prompt(), trigger.payload()));
    String historyId = trigger.id() + "_spawn_" + session.value().substring(0, 8);
    return deliveries
        .deliver(listener.userId(), session, prompted, historyId, config.spawn().workerWait())
        .isDelivered();
  }

  private static ObjectNode withPrompt(@Nullable String prompt, ObjectNode payload) {
    if (prompt == null || prompt.isBlank()) {
      return payload;
    }
    String own = payload.path("prompt").asText("").strip();
    boolean both = payload.path("prompt").isTextual() && !own.isEmpty();
    ObjectNode prompted = payload.deepCopy();
    return prompted.put("prompt", both ? prompt.strip() + "\n\n" + own : prompt.strip());
  }

  /** Nobody waits for it; what cannot be ended now is ended by the next sweep. */
  private void endOrLeave(Orphan orphan) {
    try {
      end(orphan);
    } catch (RuntimeException unknown) {
      LOG.warnf("Session %s is ended later: %s", orphan.session(), unknown);
    }
  }

  /**
   * Has the runner end a session that will not get its trigger.
   *
   * @throws RelayException 503 when it is not known whether it has
   */
  void end(Orphan orphan) {
    CommandAnswer ended =
        deliveries.await(
            new CommandId("orphan_" + UUID.randomUUID()),
            orphan.user(),
            new EndSession(orphan.session(), orphan.runner()),
            config.delivery().answerWithin());
    switch (ended.outcome()) {
      case ACKNOWLEDGED, DELIVERED, FORBIDDEN -> expectant.settled(orphan.session());
      // sessions outlive the connection of their runner, which may come back
      case UNKNOWN, WAKING, ABSENT, REFUSED, EXPIRED, FAILED -> throw RelayException.unavailable();
    }
  }

  @PreDestroy
  void close() {
    executor.close();
  }
}
