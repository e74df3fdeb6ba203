package dev.agentrelay.auth.enrolment;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A person's invitation to a phone, shown as a picture that the phone scans. */
@Entity
@Table(name = "mobile_link")
public class MobileLink extends DeviceRequest {
  @Id
  @Column(name = "id_hash")
  public String idHash;

  @Column(name = "account_id")
  public String accountId;

  @Enumerated(EnumType.STRING)
  @Column
  public Status status;

  /** What the phone shows, so that its owner approves no other one. */
  @Column(name = "verification_token")
  public @Nullable String verificationToken;

  @Column(name = "device_name")
  public @Nullable String deviceName;

  @Column(name = "scanned_url")
  public @Nullable String scannedUrl;

  /** How far it has come; redemption does not show. */
  public enum Status {
    PENDING,
    SCANNED,
    APPROVED
  }
}
