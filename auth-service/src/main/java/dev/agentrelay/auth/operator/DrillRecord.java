package dev.agentrelay.auth.operator;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one fault drill. */
@Entity
@Table(name = "drill")
public class DrillRecord {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column public Instant at;

  @Column public String name;

  @Column public boolean passed;

  /** How long after the fault everybody was back; absent when not everybody came back. */
  @Column(name = "back_seconds")
  public @Nullable Double backSeconds;

  /** The longest time that a viewer saw nothing new. */
  @Column(name = "longest_gap_seconds")
  public @Nullable Double longestGapSeconds;

  /** What went wrong; empty when nothing did. */
  @Column public String findings;
}
