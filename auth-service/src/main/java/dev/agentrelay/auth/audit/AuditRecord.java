package dev.agentrelay.auth.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of the audit trail. It outlives its account and never holds a secret. */
@Entity
@Table(name = "audit_record")
public class AuditRecord {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column public Instant at;

  @Enumerated(EnumType.STRING)
  @Column
  public AuditAction action;

  /** Absent where an unknown address was given. */
  @Column(name = "account_id")
  public @Nullable String accountId;

  /** The address that was given, or the id of the key. */
  @Column public String subject;

  /** The client's network address. */
  @Column public String address;

  @Column(name = "user_agent")
  public String userAgent;
}
