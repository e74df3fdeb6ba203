package dev.agentrelay.gateway.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.CommandAnswer;
import io.smallrye.mutiny.vertx.UniHelper;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Answers commands on the topics of those who sent them. */
@Singleton
class CommandAnswers {
  private static final long BUFFER = 100_000;

  private final MutinyEmitter<String> emitter;
  private final ObjectMapper json;

  CommandAnswers(
      @Channel("command-answers")
          @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = BUFFER)
          MutinyEmitter<String> emitter,
      ObjectMapper json) {
    this.emitter = emitter;
    this.json = json;
  }

  /** Completes when Kafka has the answer. */
  Future<Void> send(String topic, CommandAnswer answer) {
    String value;
    try {
      value = json.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("answers are plain records", e);
    }
    OutgoingKafkaRecordMetadata<String> address =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withTopic(topic)
            .withKey(answer.commandId().value())
            .build();
    return UniHelper.toFuture(emitter.sendMessage(Message.of(value).addMetadata(address)));
  }
}
