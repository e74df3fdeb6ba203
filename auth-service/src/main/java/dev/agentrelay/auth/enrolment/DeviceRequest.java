package dev.agentrelay.auth.enrolment;

import dev.agentrelay.auth.secret.Sealing;
import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A device that is to get a key of its own, for as long as that may take. */
@MappedSuperclass
public abstract class DeviceRequest {
  @Column(name = "relay_url")
  public String relayUrl;

  /** The key, sealed; there from the approval until it is fetched. */
  @Column(name = "sealed_key")
  public byte @Nullable [] sealedKey;

  @Column(name = "expires_at")
  public Instant expiresAt;

  protected DeviceRequest() {}

  void begin(String relay) {
    relayUrl = relay;
    expiresAt = Instant.now().plus(Enrolment.LIFE);
  }

  boolean isOver() {
    return !expiresAt.isAfter(Instant.now());
  }

  void keep(String key, Sealing sealing) {
    sealedKey = sealing.seal(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key, for the first who asks. */
  Optional<String> takeKey(Sealing sealing) {
    Optional<String> key =
        Optional.ofNullable(sealedKey)
            .flatMap(sealing::open)
            .map(open -> new String(open, StandardCharsets.UTF_8));
    sealedKey = null;
    return key;
  }
}
