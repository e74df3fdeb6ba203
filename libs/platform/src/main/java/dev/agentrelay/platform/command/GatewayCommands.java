package dev.agentrelay.platform.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.CommandRequest;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.platform.trace.Step;
import dev.agentrelay.platform.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/**
 * Sends commands to the gateways over Kafka and hands back their answers. It connects when the
 * first bean that holds it is made: let that be a {@code @Startup} bean. Thread-safe; no call
 * blocks; answers come on a thread of this class, which must not be blocked either.
 *
 * <p>What must survive a restart is kept by the caller: it sends the command again under the same
 * id and gets the answer of the first time.
 */
@Singleton
public class GatewayCommands {
  private static final Logger LOG = Logger.getLogger(GatewayCommands.class);

  /** A trigger of 1 MiB, escaped, and its envelope. */
  private static final int LARGEST_COMMAND = 4 << 20;

  /**
   * Well beyond any pause between two commands; forgotten metadata would make the next one wait.
   */
  private static final Duration KEEP_METADATA = Duration.ofDays(7);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final CommandConfig config;
  private final ObjectMapper json;
  private final Traces traces;
  private final SharedClock clock;
  private final String answersTopic;
  private final Producer<String, byte[]> producer;
  private final AnswerReader answers;
  private final Map<CommandId, CompletableFuture<CommandAnswer>> outstanding =
      new ConcurrentHashMap<>();

  /** Keeps the order of sending; the producer may block a little while it looks for the broker. */
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gateway-commands").factory());

  GatewayCommands(
      CommandConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      ObjectMapper json,
      RelayMetrics metrics,
      Traces traces,
      SharedClock clock) {
    this.config = config;
    this.json = json;
    this.traces = traces;
    this.clock = clock;
    this.answersTopic = Topics.answersFor(config.service());
    this.producer = new KafkaProducer<>(settings(kafka, config));
    this.answers = new AnswerReader(kafka, answersTopic, json, this::answered);
    sender.execute(this::learnPartitions);
    answers.start();
    metrics.bound(Bound.COMMANDS_SENT, outstanding::size, config.outstanding());
  }

  private static Map<String, Object> settings(Map<String, Object> kafka, CommandConfig config) {
    long acceptWithin = config.acceptWithin().toMillis();
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, config.service() + "-commands");
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_COMMAND);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, acceptWithin);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) acceptWithin);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) acceptWithin);
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, KEEP_METADATA.toMillis());
    return settings;
  }

  private void learnPartitions() {
    try {
      producer.partitionsFor(Topics.COMMANDS);
    } catch (KafkaException away) {
      LOG.warnf("Commands cannot be sent to the gateways yet: %s", away.getMessage());
    }
  }

  /**
   * Sends a command and waits for what becomes of it.
   *
   * @param id the same for each attempt at the same thing
   * @param within how long it may take in all; a gateway does not begin with it later than that
   * @return the answer; or a {@link RelayException} with {@link ErrorCode#UNAVAILABLE} when Kafka
   *     is away or no answer came in time. What happened is not known then; to send it again under
   *     the same id is safe
   */
  public Uni<CommandAnswer> send(
      CommandId id, UserId user, GatewayCommand command, Duration within) {
    return Uni.createFrom().completionStage(() -> ask(id, user, command, within));
  }

  private CompletableFuture<CommandAnswer> ask(
      CommandId id, UserId user, GatewayCommand command, Duration within) {
    if (outstanding.size() >= config.outstanding()) {
      return CompletableFuture.failedFuture(
          RelayException.unavailable("Too many commands are waiting for their answers"));
    }
    byte[] value;
    try {
      value =
          json.writeValueAsBytes(
              new CommandRequest(id, user, clock.instant().plus(within), answersTopic, command));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("commands are plain records", e);
    }
    CompletableFuture<CommandAnswer> answer =
        outstanding.computeIfAbsent(id, each -> new CompletableFuture<>());
    Step step =
        traces.begin(
            SpanKind.PRODUCER, command.getClass().getSimpleName() + " command", Traces.current());
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.COMMANDS, command.key(), value);
    addTrace(record, step);
    return answers
        .whenReading(within)
        .thenComposeAsync(reading -> produce(answer, record), sender)
        .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, failure) -> {
              outstanding.remove(id, answer);
              step.end(failure != null);
            })
        .exceptionallyCompose(
            failure -> {
              LOG.warnf("Command %s has no answer: %s", id, failure.toString());
              return CompletableFuture.failedFuture(RelayException.unavailable());
            });
  }

  private static void addTrace(ProducerRecord<String, byte[]> record, Step step) {
    String header = step.header();
    if (header != null) {
      record.headers().add(Traces.HEADER, header.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private CompletableFuture<CommandAnswer> produce(
      CompletableFuture<CommandAnswer> answer, ProducerRecord<String, byte[]> record) {
    // the callback hears of what the future would say
    var unused =
        producer.send(
            record,
            (sent, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }

  /** What expired is an earlier copy of a command that is waited for: this one has time left. */
  private void answered(CommandAnswer answer) {
    if (answer.outcome() == CommandAnswer.Outcome.EXPIRED) {
      return;
    }
    CompletableFuture<CommandAnswer> waiting = outstanding.get(answer.commandId());
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  @PreDestroy
  void close() {
    sender.shutdown();
    answers.close();
    producer.close(CLOSE_WITHIN);
  }
}
