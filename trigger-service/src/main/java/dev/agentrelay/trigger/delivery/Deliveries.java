package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.GatewayCommand.Wake;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.command.UnacknowledgedTriggers;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.history.History;
import dev.agentrelay.trigger.history.History.State;
import dev.agentrelay.trigger.history.RecentDeliveries;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands triggers to workers through the gateways and writes down what became of each. Calls block
 * until that is known.
 */
@Startup
@ApplicationScoped
public class Deliveries {
  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  /** One statement of all would hold the payload once for each. */
  private static final int BEGUN_AT_ONCE = 50;

  private final GatewayCommands gateways;
  private final History history;
  private final RecentDeliveries recent;
  private final BytesUnderWay bytes;
  private final UnacknowledgedTriggers unacknowledged;
  private final TriggerConfig config;

  Deliveries(
      GatewayCommands gateways,
      History history,
      RecentDeliveries recent,
      BytesUnderWay bytes,
      TriggerConfig config,
      RelayMetrics metrics) {
    this.gateways = gateways;
    this.history = history;
    this.recent = recent;
    this.bytes = bytes;
    this.unacknowledged =
        new UnacknowledgedTriggers(gateways, config.delivery().tellAgainAfter(), metrics);
    this.config = config;
  }

  /**
   * Delivers a trigger that nobody else will ask for.
   *
   * @param historyId names its history entry
   * @param workerWait how long to wait for a worker that is not connected
   * @throws RelayException 503 when the outcome is not known
   */
  public CommandAnswer deliver(
      UserId user, SessionId target, Trigger trigger, String historyId, Duration workerWait) {
    JsonText entry = trigger.toEntry();
    history.begin(target, historyId, entry, null);
    Sending sending =
        new Sending(user, target, trigger, historyId, entry.value().length(), workerWait, null);
    return send(commandId(trigger, target), sending);
  }

  /**
   * Delivers one trigger to many sessions; none waits for another.
   *
   * @return the answers in the order of the sessions, empty where the outcome is not known
   */
  public List<Optional<CommandAnswer>> deliverToAll(
      UserId user, List<SessionId> targets, Trigger trigger) {
    JsonText entry = trigger.toEntry();
    int size = entry.value().length();
    for (int from = 0; from < targets.size(); from += BEGUN_AT_ONCE) {
      List<SessionId> some = targets.subList(from, Math.min(from + BEGUN_AT_ONCE, targets.size()));
      history.beginAll(some, each -> historyId(trigger, each), entry);
    }
    return Parallel.map(
        targets,
        config.delivery().atOnce(),
        each -> {
          try {
            String id = historyId(trigger, each);
            Sending sending = new Sending(user, each, trigger, id, size, Duration.ZERO, null);
            return Optional.of(send(commandId(trigger, each), sending));
          } catch (RelayException unknown) {
            return Optional.empty();
          }
        });
  }

  private static String historyId(Trigger trigger, SessionId target) {
    String id = target.value();
    return trigger.id() + "_" + id.substring(0, Math.min(8, id.length()));
  }

  /**
   * Delivers what has an id of its own, once more if need be.
   *
   * @param attempt counts the attempts that came to a known end; the gateways do each once
   * @throws RelayException 503 when the outcome is not known
   */
  public CommandAnswer deliverAgain(
      UserId user, SessionId target, Trigger trigger, int attempt, @Nullable Wake wake) {
    JsonText entry = trigger.toEntry();
    history.begin(target, trigger.id(), entry, null);
    CommandId id = new CommandId(commandId(trigger, target) + ":" + attempt);
    return send(id, sending(user, target, trigger, entry, wake));
  }

  /**
   * Delivers what a caller asks for; when an earlier request of the same fingerprint came to no
   * known end, it is that delivery which is taken up again.
   *
   * @param wake where to wake the session when its worker is away
   * @throws RelayException 503 when the outcome is not known
   */
  public Delivered deliverOnce(
      UserId user, SessionId target, Trigger trigger, String fingerprint, @Nullable Wake wake) {
    JsonText entry = trigger.toEntry();
    Trigger known = trigger.withId(history.begin(target, trigger.id(), entry, fingerprint));
    return new Delivered(
        known.id(), send(commandId(known, target), sending(user, target, known, entry, wake)));
  }

  private Sending sending(
      UserId user, SessionId target, Trigger trigger, JsonText entry, @Nullable Wake wake) {
    return new Sending(
        user, target, trigger, trigger.id(), entry.value().length(), workerWait(wake), wake);
  }

  private static CommandId commandId(Trigger trigger, SessionId target) {
    return new CommandId(trigger.id() + ":" + target);
  }

  /** A wake is answered at once; anything else waits for a worker that is just reconnecting. */
  private Duration workerWait(@Nullable Wake wake) {
    return wake == null ? config.delivery().reconnectWait() : Duration.ZERO;
  }

  /** What became of a trigger, and the id under which it went out. */
  public record Delivered(String triggerId, CommandAnswer answer) {}

  /**
   * One trigger to one session.
   *
   * @param size of its text, in characters
   */
  private record Sending(
      UserId user,
      SessionId target,
      Trigger trigger,
      String historyId,
      int size,
      Duration workerWait,
      @Nullable Wake wake) {
    DeliverTrigger toCommand() {
      return new DeliverTrigger(target, trigger.toWire(target), workerWait, wake);
    }
  }

  private CommandAnswer send(CommandId id, Sending sending) {
    Duration answerWithin = config.delivery().answerWithin();
    Duration within = sending.workerWait().plus(answerWithin);
    try {
      CommandAnswer answer =
          bytes.hold(
              sending.size(),
              answerWithin,
              () -> await(id, sending.user(), sending.toCommand(), within));
      settle(sending, state(answer), reason(answer));
      if (UnacknowledgedTriggers.isUnacknowledged(answer)) {
        unacknowledged.tellAgain(
            id,
            sending.user(),
            sending.toCommand(),
            within,
            () -> history.acknowledged(sending.target(), sending.historyId()));
      }
      return answer;
    } catch (RelayException unknown) {
      settle(sending, State.UNKNOWN, "no answer came in time");
      throw unknown;
    }
  }

  /** What is known is told, also while Postgres is away: a caller who hears 503 asks again. */
  private void settle(Sending sending, State state, @Nullable String reason) {
    if (state == State.DELIVERED) {
      recent.add(sending.target(), sending.historyId(), reason);
    }
    try {
      history.settle(sending.target(), sending.historyId(), state, reason);
    } catch (RuntimeException away) {
      LOG.warnf(
          "the history of %s lacks that %s is %s: %s",
          sending.target(), sending.historyId(), state, away);
    }
  }

  CommandAnswer await(CommandId id, UserId user, GatewayCommand command, Duration within) {
    return gateways.send(id, user, command, within).await().indefinitely();
  }

  /** A gateway that failed may have reached the worker before, so a repetition keeps the id. */
  private static State state(CommandAnswer answer) {
    if (answer.isDelivered()) {
      return State.DELIVERED;
    }
    return answer.outcome() == CommandAnswer.Outcome.FAILED ? State.UNKNOWN : State.FAILED;
  }

  private static @Nullable String reason(CommandAnswer answer) {
    return answer.reason() == null && !answer.isDelivered()
        ? answer.outcome().name().toLowerCase(Locale.ROOT)
        : answer.reason();
  }
}
