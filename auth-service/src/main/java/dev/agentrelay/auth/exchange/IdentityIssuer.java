package dev.agentrelay.auth.exchange;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.exchange.SigningKeys.Signer;
import dev.agentrelay.platform.identity.IdentityToken;
import dev.agentrelay.platform.time.SharedClock;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Signs who an account is, for as long as the credential behind it holds and no longer than
 * minutes.
 */
@ApplicationScoped
public class IdentityIssuer {
  private final AuthConfig config;
  private final SigningKeys keys;
  private final SharedClock clock;
  private volatile @Nullable Signer current;

  IdentityIssuer(AuthConfig config, SigningKeys keys, SharedClock clock) {
    this.config = config;
    this.keys = keys;
    this.clock = clock;
  }

  public String issue(Checked.Good good) {
    Instant now = clock.instant();
    Signer signer = signer(now);
    return Jwt.issuer(IdentityToken.ISSUER)
        .audience(IdentityToken.AUDIENCE)
        .subject(good.account().id)
        .claim(IdentityToken.NAME_CLAIM, good.account().displayName())
        .issuedAt(now)
        .expiresAt(earlier(now.plus(config.identityLife()), expiry(good)))
        .jws()
        .algorithm(SignatureAlgorithm.ES256)
        .keyId(signer.id())
        .sign(signer.key());
  }

  private Signer signer(Instant now) {
    Signer signer = current;
    if (signer == null || !now.isBefore(signer.servesUntil())) {
      signer = keys.signerAt(now);
      current = signer;
    }
    return signer;
  }

  private static @Nullable Instant expiry(Checked.Good good) {
    return switch (good) {
      case Checked.SignedIn signedIn -> signedIn.session().expiresAt;
      case Checked.ByKey byKey -> byKey.key().expiresAt;
    };
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }
}
