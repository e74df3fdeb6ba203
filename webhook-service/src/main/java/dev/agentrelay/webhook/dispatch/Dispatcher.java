package dev.agentrelay.webhook.dispatch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.command.UnacknowledgedTriggers;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.preferences.HiddenModels;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.delivery.Deliveries;
import dev.agentrelay.webhook.delivery.Delivery;
import dev.agentrelay.webhook.hook.RunnerPresence;
import dev.agentrelay.webhook.hook.Webhook;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts a session for a delivery and hands it the trigger, through the gateways. A delivery that
 * somebody else began goes on where it was: its commands have the ids that they had, so that what
 * was done already is not done again. Blocks; meant for virtual threads.
 */
@Startup
@ApplicationScoped
class Dispatcher {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final Duration WORKER_WAIT = Duration.ofSeconds(15);

  /** What a command may take beyond the wait that it asks for. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  private static final String NOT_CONNECTED = "Runner is not connected to this server";
  private static final String NOT_OWNED = "Runner not found or not owned by webhook owner";

  private final GatewayCommands gateway;
  private final RunnerPresence runners;
  private final HiddenModels hiddenModels;
  private final Deliveries deliveries;
  private final TriggerHistory history;
  private final UnacknowledgedTriggers unacknowledged;

  Dispatcher(
      GatewayCommands gateway,
      RunnerPresence runners,
      HiddenModels hiddenModels,
      Deliveries deliveries,
      TriggerHistory history,
      WebhookConfig config,
      RelayMetrics metrics) {
    this.gateway = gateway;
    this.runners = runners;
    this.hiddenModels = hiddenModels;
    this.deliveries = deliveries;
    this.history = history;
    this.unacknowledged = new UnacknowledgedTriggers(gateway, config.tellAgainAfter(), metrics);
  }

  Outcome dispatch(Webhook webhook, Delivery delivery, ObjectNode body) {
    RunnerId runner = webhook.runnerId();
    if (runner == null) {
      return new Outcome.Failed(ErrorCode.INTERNAL, "Webhook has no runner assigned", false);
    }
    boolean commanded = delivery.isCommanded();
    try {
      if (!commanded) {
        Optional<Outcome> obstacle = obstacle(webhook, runner);
        if (obstacle.isPresent()) {
          return obstacle.get();
        }
      }
      if (!delivery.isSpawned()) {
        GatewayCommand.Spawn spawn = spawn(webhook, delivery, runner);
        deliveries.started(delivery.id());
        commanded = true;
        Optional<Outcome> end = endOf(ask(webhook, delivery, "spawn", spawn));
        if (end.isPresent()) {
          return end.get();
        }
      }
      return deliver(webhook, delivery, body);
    } catch (RuntimeException e) {
      LOG.warnf("delivery %s is held up: %s", delivery.id(), e);
      return commanded
          ? new Outcome.Unknown("No answer came from the gateways")
          : new Outcome.Away(ErrorCode.UNAVAILABLE, "Service temporarily unavailable");
    }
  }

  /** What keeps a runner from being asked at all. */
  private Optional<Outcome> obstacle(Webhook webhook, RunnerId runner) {
    return switch (runners.of(runner, webhook.userId())) {
      case OWN -> Optional.empty();
      case FOREIGN -> Optional.of(notOwned());
      case ABSENT -> Optional.of(notConnected());
    };
  }

  /** The stored model is left out if it was hidden meanwhile. */
  private GatewayCommand.Spawn spawn(Webhook webhook, Delivery delivery, RunnerId runner) {
    return GatewayCommand.Spawn.on(runner)
        .withSession(delivery.sessionId())
        .withCwd(webhook.cwd())
        .withPrompt(webhook.prompt())
        .withModel(hiddenModels.unlessHidden(webhook.userId(), webhook.model()))
        .build();
  }

  /** How the delivery ends with the runner's answer; empty when a session is on its way. */
  private static Optional<Outcome> endOf(CommandAnswer answer) {
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, DELIVERED -> Optional.empty();
      case ABSENT, UNKNOWN -> Optional.of(notConnected());
      case FORBIDDEN -> Optional.of(notOwned());
      case REFUSED ->
          Optional.of(
              new Outcome.Failed(
                  ErrorCode.RUNNER_UNREACHABLE,
                  orElse(answer.reason(), "Runner rejected the spawn request"),
                  false));
      case WAKING, EXPIRED, FAILED ->
          Optional.of(
              new Outcome.Away(
                  ErrorCode.RUNNER_UNREACHABLE, "Failed to send spawn request to runner"));
    };
  }

  private Outcome deliver(Webhook webhook, Delivery delivery, ObjectNode body) {
    deliveries.spawned(delivery.id());
    ObjectNode payload = WebhookTrigger.payload(webhook, body);
    GatewayCommand.DeliverTrigger trigger =
        new GatewayCommand.DeliverTrigger(
            delivery.sessionId(), WebhookTrigger.of(webhook, delivery, payload), WORKER_WAIT, null);
    CommandAnswer answer = ask(webhook, delivery, "trigger", trigger);
    if (answer.isDelivered()) {
      history.delivered(webhook, delivery, payload);
      return delivered(webhook, delivery, trigger, answer);
    }
    if (answer.outcome() == CommandAnswer.Outcome.FAILED) {
      // the worker may have it; the same command again does no harm
      return new Outcome.Unknown("The gateway could not do it just now");
    }
    return switch (answer.outcome()) {
      case UNKNOWN ->
          new Outcome.Failed(
              ErrorCode.TIMEOUT, "Session was spawned but did not connect in time", true);
      case ABSENT, WAKING ->
          new Outcome.Failed(
              ErrorCode.UNAVAILABLE,
              "Session was spawned but is not yet connected — trigger could not be delivered",
              true);
      default ->
          new Outcome.Failed(
              ErrorCode.RUNNER_UNREACHABLE, "Failed to deliver trigger to session", true);
    };
  }

  /** The session is there, so its sender need not wait until a silent worker was told again. */
  private Outcome delivered(
      Webhook webhook,
      Delivery delivery,
      GatewayCommand.DeliverTrigger trigger,
      CommandAnswer answer) {
    if (!UnacknowledgedTriggers.isUnacknowledged(answer)) {
      return new Outcome.Delivered(null);
    }
    unacknowledged.tellAgain(
        answer.commandId(),
        webhook.userId(),
        trigger,
        WORKER_WAIT.plus(ON_THE_WAY),
        () -> deliveries.acknowledged(delivery.id()));
    return new Outcome.Delivered(answer.reason());
  }

  private CommandAnswer ask(
      Webhook webhook, Delivery delivery, String step, GatewayCommand command) {
    CommandId id =
        new CommandId("delivery:" + delivery.id() + ":" + step + ":" + delivery.attempt());
    return gateway
        .send(id, webhook.userId(), command, waitOf(command).plus(ON_THE_WAY))
        .await()
        .indefinitely();
  }

  private static Duration waitOf(GatewayCommand command) {
    return switch (command) {
      case GatewayCommand.Spawn spawn -> spawn.readyWait();
      case GatewayCommand.DeliverTrigger trigger -> trigger.workerWait();
      default -> Duration.ZERO;
    };
  }

  /** The runner was the owner's when the webhook was made, so one without a record is away. */
  private static Outcome notConnected() {
    return new Outcome.Away(ErrorCode.UNAVAILABLE, NOT_CONNECTED);
  }

  private static Outcome notOwned() {
    return new Outcome.Failed(ErrorCode.FORBIDDEN, NOT_OWNED, false);
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text;
  }
}
