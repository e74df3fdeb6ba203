package dev.agentrelay.auth.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Events that must not get lost. They are written with the change that causes them, and said once
 * that is committed.
 */
@ApplicationScoped
public class Outbox implements PanacheRepositoryBase<OutboxEvent, Long> {
  /** Held while events are said, so that those of one key keep their order. */
  private static final long SAYING_LOCK = 0x5167_4f75_7462L;

  /** Bytes of an event that Kafka takes; one that it refuses would hold up all behind it. */
  private static final int LARGEST = 1_000_000;

  private final Event<Written> written;
  private final ObjectMapper json;

  Outbox(Event<Written> written, ObjectMapper json) {
    this.written = written;
    this.json = json;
  }

  /** An event was written in the transaction that is under way. */
  record Written() {}

  /**
   * @param topic one of {@link dev.agentrelay.contracts.Topics}
   * @param key events with the same one keep their order
   * @throws RelayException with 413 when it is more than Kafka takes
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void add(String topic, String key, Object event) {
    OutboxEvent row = new OutboxEvent();
    row.topic = topic;
    row.key = key;
    try {
      row.body = json.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is always JSON", e);
    }
    if (row.body.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
      throw new RelayException(
          ErrorCode.PAYLOAD_TOO_LARGE, "That is more than the other services can be told");
    }
    persist(row);
    written.fire(new Written());
  }

  /** The oldest events; no other replica gets any until the transaction ends. */
  List<OutboxEvent> oldest(int most) {
    getEntityManager()
        .createNativeQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
        .setParameter("lock", SAYING_LOCK)
        .getSingleResult();
    return findAll(Sort.by("id")).page(0, most).list();
  }
}
