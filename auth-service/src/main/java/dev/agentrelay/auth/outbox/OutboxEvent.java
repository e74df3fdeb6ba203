package dev.agentrelay.auth.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An event on its way to Kafka. */
@Entity
@Table(name = "outbox")
public class OutboxEvent {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column public String topic;

  @Column(name = "event_key")
  public String key;

  /** JSON. */
  @Column public String body;
}
