package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.GatewayCommand.Wake;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.history.History;
import dev.agentrelay.trigger.history.History.State;
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
  private final TriggerConfig config;

  Deliveries(GatewayCommands gateways, History history, TriggerConfig config) {
    this.gateways = gateways;
    this.history = history;
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
    history.begin(target, historyId, trigger.toEntry(), null);
    return send(commandId(trigger, target), user, target, trigger, historyId, workerWait, null);
  }

  /**
   * Delivers one trigger to many sessions; none waits for another.
   *
   * @return the answers in the order of the sessions, empty where the outcome is not known
   */
  public List<Optional<CommandAnswer>> deliverToAll(
      UserId user, List<SessionId> targets, Trigger trigger) {
    for (int from = 0; from < targets.size(); from += BEGUN_AT_ONCE) {
      List<SessionId> some = targets.subList(from, Math.min(from + BEGUN_AT_ONCE, targets.size()));
      history.beginAll(some, each -> historyId(trigger, each), trigger.toEntry());
    }
    return Parallel.map(
        targets,
        config.delivery().atOnce(),
        each -> {
          try {
            return Optional.of(
                send(
                    commandId(trigger, each),
                    user,
                    each,
                    trigger,
                    historyId(trigger, each),
                    Duration.ZERO,
                    null));
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
    history.begin(target, trigger.id(), trigger.toEntry(), null);
    CommandId id = new CommandId(commandId(trigger, target) + ":" + attempt);
    return send(id, user, target, trigger, trigger.id(), workerWait(wake), wake);
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
    String id = history.begin(target, trigger.id(), trigger.toEntry(), fingerprint);
    Trigger known = trigger.withId(id);
    return new Delivered(
        id, send(commandId(known, target), user, target, known, id, workerWait(wake), wake));
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

  private CommandAnswer send(
      CommandId id,
      UserId user,
      SessionId target,
      Trigger trigger,
      String historyId,
      Duration workerWait,
      @Nullable Wake wake) {
    GatewayCommand command = new DeliverTrigger(target, trigger.toWire(target), workerWait, wake);
    try {
      CommandAnswer answer =
          await(id, user, command, workerWait.plus(config.delivery().answerWithin()));
      settle(target, historyId, state(answer), reason(answer));
      return answer;
    } catch (RelayException unknown) {
      settle(target, historyId, State.UNKNOWN, "no answer came in time");
      throw unknown;
    }
  }

  /** What is known is told, also while Postgres is away: a caller who hears 503 asks again. */
  private void settle(SessionId target, String historyId, State state, @Nullable String reason) {
    try {
      history.settle(target, historyId, state, reason);
    } catch (RuntimeException away) {
      LOG.warnf("the history of %s lacks that %s is %s: %s", target, historyId, state, away);
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
    if (answer.isDelivered()) {
      return null;
    }
    return answer.reason() == null
        ? answer.outcome().name().toLowerCase(Locale.ROOT)
        : answer.reason();
  }
}
