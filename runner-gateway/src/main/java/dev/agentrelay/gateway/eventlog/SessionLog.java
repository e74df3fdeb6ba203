package dev.agentrelay.gateway.eventlog;

import dev.agentrelay.contracts.EventHeaders;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.socketio.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** The events of one registration of a session in the log. Confined to one thread. */
public final class SessionLog {
  private final EventLog log;
  private final String key;
  private final Header user;
  private final Header epoch;
  private long number;

  SessionLog(EventLog log, SessionId session, UserId user, long epoch) {
    this.log = log;
    this.key = session.value();
    this.user = header(EventHeaders.USER, user.value());
    this.epoch = header(EventHeaders.EPOCH, Long.toString(epoch));
  }

  /** Whether events of that type belong into the log. */
  public boolean keeps(@Nullable String type) {
    return log.keeps(type);
  }

  /** Adds an event that has been stored, under the next number: 1, 2, 3… Never waits. */
  public void add(@Nullable String type, RawJson event) {
    List<Header> headers =
        List.of(
            user,
            epoch,
            header(EventHeaders.NUMBER, Long.toString(++number)),
            header(EventHeaders.AT, Long.toString(System.currentTimeMillis())));
    log.add(new ProducerRecord<>(Topics.EVENTS, null, key, log.value(type, event), headers));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
