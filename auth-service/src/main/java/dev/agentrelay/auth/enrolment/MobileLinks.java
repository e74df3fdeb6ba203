package dev.agentrelay.auth.enrolment;

import dev.agentrelay.auth.credential.ApiKeys;
import dev.agentrelay.auth.credential.ApiKeys.Minted;
import dev.agentrelay.auth.enrolment.MobileLink.Status;
import dev.agentrelay.auth.secret.Sealing;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mobile links (rest.md X37 to X41). A link is locked while it changes, so that the first scan
 * counts, one approval wins and one redemption gets the key.
 */
@ApplicationScoped
public class MobileLinks implements PanacheRepositoryBase<MobileLink, String> {
  private static final Duration KEY_LIFE = Duration.ofDays(90);
  private static final int SHOWN_OF_ID = 8;

  private final ApiKeys keys;
  private final Sealing sealing;

  MobileLinks(ApiKeys keys, Sealing sealing) {
    this.keys = keys;
    this.sealing = sealing;
  }

  /** A link that was just approved, and the id of the key that waits for the phone. */
  record Approved(MobileLink link, String keyId) {}

  /** A link whose key was asked for; the key is there once. */
  record Redeemed(MobileLink link, Optional<String> apiKey) {}

  @Transactional
  MobileLink create(String id, UserId owner, String relayUrl) {
    MobileLink link = new MobileLink();
    link.idHash = Credential.hash(id);
    link.accountId = owner.value();
    link.status = Status.PENDING;
    link.begin(relayUrl);
    persist(link);
    return link;
  }

  @Transactional
  Optional<MobileLink> look(String id) {
    return findByIdOptional(Credential.hash(id)).filter(link -> !link.isOver());
  }

  /** Notes the phone that scans first; a later one gets to see the first one's data. */
  @Transactional
  Optional<MobileLink> scan(String id, String verificationToken, String device, String url) {
    Optional<MobileLink> found = locked(id);
    found
        .filter(link -> link.status == Status.PENDING)
        .ifPresent(
            link -> {
              link.status = Status.SCANNED;
              link.verificationToken = verificationToken;
              link.deviceName = device.isEmpty() ? null : device;
              link.scannedUrl = url.isEmpty() ? null : url;
            });
    return found;
  }

  /** Approves the phone that shows this token; empty when there is none such to approve. */
  @Transactional
  Optional<Approved> approve(String id, String verificationToken, Approver approver) {
    return locked(id)
        .filter(link -> link.accountId.equals(approver.account().id))
        .filter(link -> link.status == Status.SCANNED)
        .filter(link -> isSame(link.verificationToken, verificationToken))
        .map(link -> approve(link, id, approver));
  }

  private Approved approve(MobileLink link, String id, Approver approver) {
    String name = "mobile-link-" + id.substring(0, SHOWN_OF_ID);
    Minted minted = keys.mintForDevice(approver.account(), name, approver.until(KEY_LIFE));
    link.status = Status.APPROVED;
    link.keep(minted.text(), sealing);
    return new Approved(link, minted.key().id);
  }

  @Transactional
  Optional<Redeemed> redeem(String id) {
    return locked(id).map(link -> new Redeemed(link, link.takeKey(sealing)));
  }

  private Optional<MobileLink> locked(String id) {
    return findByIdOptional(Credential.hash(id), LockModeType.PESSIMISTIC_WRITE)
        .filter(link -> !link.isOver());
  }

  private static boolean isSame(@Nullable String kept, String presented) {
    return kept != null
        && MessageDigest.isEqual(
            kept.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }

  @Transactional
  public long deleteExpired() {
    return delete("expiresAt <= ?1", Instant.now());
  }
}
