package dev.agentrelay.auth.exchange;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.RandomText;
import dev.agentrelay.auth.secret.Sealing;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * The keys that identities are signed with. A new one takes over when the last has served its time;
 * old ones are shown until no token of theirs can be valid. All replicas share them.
 */
@ApplicationScoped
public class SigningKeys implements PanacheRepositoryBase<SigningKey, String> {
  /** Held while a key is chosen, so that two replicas do not both make one. */
  private static final long CHOOSING_LOCK = 0x5167_4e4b_6579L;

  private static final Duration SHOWN_AFTERWARDS = Duration.ofDays(1);

  private final AuthConfig config;
  private final Sealing sealing;

  SigningKeys(AuthConfig config, Sealing sealing) {
    this.config = config;
    this.sealing = sealing;
  }

  /** A key ready to sign with. */
  public record Signer(String id, PrivateKey key, Instant servesUntil) {}

  /** The key to sign with at that time; made when there is none young enough. */
  @Transactional
  public Signer signerAt(Instant now) {
    getEntityManager()
        .createNativeQuery("SELECT 1 FROM pg_advisory_xact_lock(:lock)")
        .setParameter("lock", CHOOSING_LOCK)
        .getSingleResult();
    Duration life = config.signingKeyLife();
    delete("createdAt < ?1", now.minus(life).minus(SHOWN_AFTERWARDS));
    SigningKey newest =
        find("createdAt > ?1", Sort.by("createdAt").descending(), now.minus(life)).firstResult();
    return Optional.ofNullable(newest).flatMap(this::signer).orElseGet(() -> create(now));
  }

  /** Every key by which a token may be verified now, as a JWK set. */
  @Transactional
  public String publicKeys() {
    List<JsonWebKey> keys = new ArrayList<>();
    for (SigningKey key : listAll()) {
      keys.add(parse(key.publicJwk));
    }
    return new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
  }

  private Optional<Signer> signer(SigningKey stored) {
    return sealing
        .open(stored.privateJwk)
        .map(open -> signer(stored, parse(new String(open, StandardCharsets.UTF_8))));
  }

  private Signer signer(SigningKey stored, EllipticCurveJsonWebKey jwk) {
    return new Signer(
        stored.id, jwk.getEcPrivateKey(), stored.createdAt.plus(config.signingKeyLife()));
  }

  private Signer create(Instant now) {
    EllipticCurveJsonWebKey jwk = generate();
    SigningKey stored = new SigningKey();
    stored.id = RandomText.id();
    jwk.setKeyId(stored.id);
    stored.publicJwk = jwk.toJson(OutputControlLevel.PUBLIC_ONLY);
    stored.privateJwk =
        sealing.seal(
            jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8));
    stored.createdAt = now;
    persist(stored);
    return signer(stored, jwk);
  }

  private static EllipticCurveJsonWebKey generate() {
    try {
      return EcJwkGenerator.generateJwk(EllipticCurves.P256);
    } catch (JoseException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static EllipticCurveJsonWebKey parse(String jwk) {
    try {
      return (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(jwk);
    } catch (JoseException e) {
      throw new IllegalStateException("a stored signing key cannot be read", e);
    }
  }
}
