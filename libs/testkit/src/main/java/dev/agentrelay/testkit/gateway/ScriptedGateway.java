package dev.agentrelay.testkit.gateway;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.json.JSONObject;

/**
 * Takes the commands of services from Kafka and answers them by a script, each command id once: a
 * command that is sent again gets the answer of the first time, as from the real gateways. What is
 * not scripted succeeds. Thread-safe.
 */
public final class ScriptedGateway implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private final KafkaConsumer<String, String> consumer;
  private final KafkaProducer<String, String> producer;
  private final Inbox<ReceivedCommand> received = new Inbox<>();
  private final Map<String, Outcome> firstOutcomes = new ConcurrentHashMap<>();
  private final Map<String, Function<ReceivedCommand, Optional<Outcome>>> scripts =
      new ConcurrentHashMap<>();
  private final Map<String, String> reasons = new ConcurrentHashMap<>();
  private final Thread thread;

  private ScriptedGateway(String kafkaServers) {
    consumer = TopicEnd.open(kafkaServers, Topics.COMMANDS);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafkaServers, "linger.ms", 0),
            new StringSerializer(),
            new StringSerializer());
    thread = Thread.ofPlatform().daemon().name("scripted-gateway").start(this::run);
  }

  /** Starts on the commands that are sent from now on. */
  public static ScriptedGateway start(String kafkaServers) {
    return new ScriptedGateway(kafkaServers);
  }

  /**
   * Says how commands end that are about a session, or that spawn on a runner.
   *
   * @param key the session's id, or for {@code spawn} the runner's
   * @param script the outcome; empty for no answer at all
   */
  public void script(String key, Function<ReceivedCommand, Optional<Outcome>> script) {
    scripts.put(key, script);
  }

  /** Every command about that session ends so, and the answer says why. */
  public void script(String key, Outcome outcome, String reason) {
    reasons.put(key, reason);
    script(key, outcome);
  }

  /** Every command about that session, or spawn on that runner, ends so. */
  public void script(String key, Outcome outcome) {
    script(key, command -> Optional.of(outcome));
  }

  /** Every command received, also those that were sent again. */
  public Inbox<ReceivedCommand> received() {
    return received;
  }

  /** The first command of a type with that key, received already or still to come. */
  public ReceivedCommand await(String type, String key, Duration limit) {
    return received.await(
        command -> command.type().equals(type) && command.key().equals(key), limit);
  }

  /** The commands of a type with that key so far. */
  public List<ReceivedCommand> all(String type, String key) {
    return received.all().stream()
        .filter(command -> command.type().equals(type) && command.key().equals(key))
        .toList();
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(CLOSE_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_WITHIN);
  }

  private void run() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
          take(ReceivedCommand.parse(record.key(), record.value()));
        }
      }
    } catch (WakeupException closing) {
      // The end that close() asked for.
    }
  }

  private void take(ReceivedCommand command) {
    received.add(command);
    Outcome known = firstOutcomes.get(command.commandId());
    Optional<Outcome> outcome = known == null ? outcome(command) : Optional.of(known);
    outcome.ifPresent(
        each -> {
          firstOutcomes.put(command.commandId(), each);
          answer(command, each);
        });
  }

  private Optional<Outcome> outcome(ReceivedCommand command) {
    if (command.deadline().isBefore(Instant.now())) {
      return Optional.of(Outcome.EXPIRED);
    }
    Function<ReceivedCommand, Optional<Outcome>> script = scripts.get(command.key());
    if (script != null) {
      return script.apply(command);
    }
    return Optional.of(
        switch (command.type()) {
          case "delivertrigger", "spawn" -> Outcome.ACKNOWLEDGED;
          default -> Outcome.DELIVERED;
        });
  }

  private void answer(ReceivedCommand command, Outcome outcome) {
    JSONObject answer =
        Json.object(
            "commandId", command.commandId(),
            "outcome", outcome.name(),
            "at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    if (!command.session().isEmpty()) {
      Json.put(answer, "sessionId", command.session());
    }
    Json.putIfKnown(answer, "reason", reasons.get(command.key()));
    // An answer that is lost is no answer, which is what the caller then sees.
    var unused =
        producer.send(
            new ProducerRecord<>(command.replyTo(), command.commandId(), answer.toString()));
  }
}
