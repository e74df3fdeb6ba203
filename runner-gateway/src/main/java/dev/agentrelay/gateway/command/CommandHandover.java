package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.Topics;
import dev.agentrelay.gateway.config.GatewayConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Leaves the commands that come from now on to the other replicas before this one ends, and waits
 * for those it has begun. Otherwise they would wait until the last of its connections is closed.
 */
@Singleton
class CommandHandover {
  private static final Logger LOG = Logger.getLogger(CommandHandover.class);
  private static final String CHANNEL = "commands";
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(2);

  /** Observers without a priority, such as the one that waits for the sockets, have 2500. */
  private static final int WHILE_SOCKETS_CLOSE = 2_000;

  private static final int AFTER_SOCKETS_ARE_CLOSED = 3_000;

  private final KafkaClientService kafka;
  private final CommandListener commands;
  private final GatewayConfig config;

  CommandHandover(KafkaClientService kafka, CommandListener commands, GatewayConfig config) {
    this.kafka = kafka;
    this.commands = commands;
    this.config = config;
  }

  void leave(@Observes @Priority(WHILE_SOCKETS_CLOSE) ShutdownDelayInitiatedEvent event) {
    KafkaConsumer<String, String> consumer = kafka.getConsumer(CHANNEL);
    try {
      consumer.runOnPollingThread(CommandHandover::leaveGroup).await().atMost(LEAVE_WITHIN);
    } catch (RuntimeException away) {
      LOG.warnf("Commands are not handed over: %s", away.getMessage());
    }
  }

  /** A consumer that is polled must have something to read, if nothing that is ever read. */
  private static void leaveGroup(Consumer<String, String> consumer) {
    consumer.unsubscribe();
    consumer.assign(Set.of(new TopicPartition(Topics.COMMANDS, 0)));
    consumer.pause(consumer.assignment());
  }

  void finish(@Observes @Priority(AFTER_SOCKETS_ARE_CLOSED) ShutdownDelayInitiatedEvent event) {
    commands.awaitEnd(config.answerWithin());
  }
}
