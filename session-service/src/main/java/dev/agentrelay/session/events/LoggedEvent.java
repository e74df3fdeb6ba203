package dev.agentrelay.session.events;

import dev.agentrelay.contracts.EventHeaders;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * An event as it comes from Kafka.
 *
 * @param epoch the registration it belongs to
 * @param number its number in that registration, from 1
 * @param json as the worker sent it
 */
record LoggedEvent(
    SessionId session, UserId user, long epoch, long number, Instant at, Buffer json) {

  /** Reads a record; empty when it is none of the gateway's. */
  static Optional<LoggedEvent> of(ConsumerRecord<String, byte[]> message) {
    try {
      long number = Long.parseLong(header(message, EventHeaders.NUMBER));
      if (message.value() == null || number < 1) {
        return Optional.empty();
      }
      return Optional.of(
          new LoggedEvent(
              new SessionId(message.key() == null ? "" : message.key()),
              new UserId(header(message, EventHeaders.USER)),
              Long.parseLong(header(message, EventHeaders.EPOCH)),
              number,
              Instant.ofEpochMilli(Long.parseLong(header(message, EventHeaders.AT))),
              Buffer.buffer(message.value())));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private static String header(ConsumerRecord<String, byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
