package dev.agentrelay.tunnel.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.tunnel.TunnelConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that open one port of one session or runner for one user: {@code
 * base64url(claims).base64url(HMAC-SHA256)} (tunnel.md 7). That the user still owns what the token
 * names is for the gate to check each time. Thread-safe.
 */
@Singleton
public class TunnelTokens {
  private static final String AUDIENCE = "pizzapi:tunnel";
  private static final int VERSION = 1;
  private static final int KEY_ID_DIGITS = 8;
  private static final int MAX_LENGTH = 4_096;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final List<String> secrets;
  private final Duration life;
  private final InstantSource clock;

  /** A token and until when it is good. */
  public record Minted(String token, Instant expiresAt) {}

  @Inject
  TunnelTokens(TunnelConfig config, InternalSecret internal, SharedClock clock) {
    this(
        Stream.concat(
                Stream.of(config.tokenSecret().orElseGet(() -> ownSecret(internal))),
                config.tokenSecretPrevious().stream())
            .toList(),
        config.tokenLife(),
        clock);
  }

  /** What the replicas share anyway; made up where that is known to everybody. */
  private static String ownSecret(InternalSecret internal) {
    return internal.isDefault() ? UUID.randomUUID().toString() : "tunnels:" + internal.value();
  }

  /**
   * @param secrets the current one first
   */
  TunnelTokens(List<String> secrets, Duration life, InstantSource clock) {
    this.secrets = secrets;
    this.life = life;
    this.clock = clock;
  }

  public Minted mint(UserId user, String scope, int port) {
    String secret = secrets.getFirst();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expiresAt = now.plus(life);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("v", VERSION);
    claims.put("userId", user.value());
    claims.put("sessionId", scope);
    claims.put("port", port);
    claims.put("exp", expiresAt.getEpochSecond());
    claims.put("aud", AUDIENCE);
    claims.put("iat", now.getEpochSecond());
    claims.put("kid", keyId(secret));
    try {
      String body = ENCODER.encodeToString(JSON.writeValueAsBytes(claims));
      return new Minted(body + "." + ENCODER.encodeToString(sign(body, secret)), expiresAt);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whom a token speaks for; empty when it is not good for that scope and port now. */
  public Optional<UserId> verify(String token, String scope, int port) {
    int dot = token.indexOf('.');
    if (dot <= 0 || token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String body = token.substring(0, dot);
    try {
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(body));
      boolean signed =
          secrets.stream()
              .filter(secret -> keyId(secret).equals(claims.path("kid").asText()))
              .anyMatch(secret -> MessageDigest.isEqual(sign(body, secret), signature));
      return signed && isGoodFor(claims, scope, port)
          ? Optional.of(new UserId(claims.path("userId").asText()))
          : Optional.empty();
    } catch (IllegalArgumentException | IOException malformed) {
      return Optional.empty();
    }
  }

  private boolean isGoodFor(JsonNode claims, String scope, int port) {
    return claims.path("v").asInt() == VERSION
        && AUDIENCE.equals(claims.path("aud").asText())
        && scope.equals(claims.path("sessionId").asText())
        && port == claims.path("port").asInt()
        && clock.instant().getEpochSecond() < claims.path("exp").asLong();
  }

  private static String keyId(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, KEY_ID_DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] sign(String body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(body.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
