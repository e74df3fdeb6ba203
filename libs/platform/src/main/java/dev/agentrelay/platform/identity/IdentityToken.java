package dev.agentrelay.platform.identity;

import dev.agentrelay.contracts.UserId;
import java.time.Instant;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;

/**
 * An identity as auth-service signed it.
 *
 * @param expiresAt until when it may be believed without asking again
 */
public record IdentityToken(Caller caller, Instant expiresAt) {
  public static final String ISSUER = "agent-relay-auth";
  public static final String AUDIENCE = "agent-relay";

  /** The claim that carries the display name. */
  public static final String NAME_CLAIM = "name";

  /**
   * Verifies a token offline.
   *
   * @param now the time by which it may have expired
   * @throws InvalidJwtException when it is not to be believed, or its key is not among these
   */
  static IdentityToken verify(String token, JsonWebKeySet keys, Instant now)
      throws InvalidJwtException {
    JwtClaims claims =
        new JwtConsumerBuilder()
            .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.getJsonWebKeys()))
            .setJwsAlgorithmConstraints(
                new AlgorithmConstraints(
                    ConstraintType.PERMIT, AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256))
            .setExpectedIssuer(ISSUER)
            .setExpectedAudience(AUDIENCE)
            .setRequireSubject()
            .setRequireExpirationTime()
            .setEvaluationTime(NumericDate.fromMilliseconds(now.toEpochMilli()))
            .setAllowedClockSkewInSeconds(30)
            .build()
            .processToClaims(token);
    try {
      UserId userId = new UserId(claims.getSubject());
      String name = claims.getStringClaimValue(NAME_CLAIM);
      return new IdentityToken(
          new Caller(userId, name == null ? userId.value() : name),
          Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    } catch (MalformedClaimException e) {
      throw new InvalidJwtException(
          "a claim has the wrong form",
          new ErrorCodeValidator.Error(ErrorCodes.MISCELLANEOUS, e.getMessage()),
          e,
          null);
    }
  }
}
