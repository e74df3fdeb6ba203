package dev.agentrelay.trigger.change;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A change on its way to Kafka. */
@Entity
@Table(name = "pending_changes")
class PendingChange {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Column(name = "id")
  @Nullable Long id;

  @Column(name = "runner_id")
  String runnerId;

  @Column(name = "change")
  String change;

  protected PendingChange() {}

  PendingChange(String runnerId, String change) {
    this.runnerId = runnerId;
    this.change = change;
  }
}
