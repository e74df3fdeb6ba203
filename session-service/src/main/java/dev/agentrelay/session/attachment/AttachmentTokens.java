package dev.agentrelay.session.attachment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.time.SharedClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signed permissions to fetch one attachment, for links that carry no credential (X27 of rest.md
 * 7.3).
 */
@ApplicationScoped
class AttachmentTokens {
  private static final String PURPOSE = "attachment-token";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int VERSION = 1;

  private final SigningKeys keys;
  private final AttachmentConfig config;
  private final ObjectMapper json;
  private final SharedClock clock;
  private volatile byte @Nullable [] key;

  AttachmentTokens(
      SigningKeys keys, AttachmentConfig config, ObjectMapper json, SharedClock clock) {
    this.keys = keys;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  /** The answer of X27. */
  record Token(String token, Instant expiresAt) {}

  /** What a token permits. */
  record Permission(UserId user, String attachmentId) {}

  Token mint(UserId user, String attachmentId) {
    long expires = clock.instant().plus(config.tokenLife()).getEpochSecond();
    ObjectNode payload = json.createObjectNode();
    payload.put("v", VERSION);
    payload.put("userId", user.value());
    payload.put("attachmentId", attachmentId);
    payload.put("exp", expires);
    String encoded = encode(payload.toString().getBytes(StandardCharsets.UTF_8));
    return new Token(encoded + "." + encode(sign(encoded)), Instant.ofEpochSecond(expires));
  }

  /** What the token permits; empty when it is not ours or has expired. */
  Optional<Permission> check(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 2
        || !MessageDigest.isEqual(
            encode(sign(parts[0])).getBytes(StandardCharsets.UTF_8),
            parts[1].getBytes(StandardCharsets.UTF_8))) {
      return Optional.empty();
    }
    try {
      JsonNode payload = json.readTree(Base64.getUrlDecoder().decode(parts[0]));
      boolean good =
          payload.path("v").asInt() == VERSION
              && payload.path("exp").asLong() > clock.instant().getEpochSecond();
      return good
          ? Optional.of(
              new Permission(
                  new UserId(payload.path("userId").asText()),
                  payload.path("attachmentId").asText()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("a token that was signed here cannot be read", e);
    }
  }

  private byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(), ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private byte[] key() {
    byte[] known = key;
    if (known == null) {
      known = keys.key(PURPOSE);
      key = known;
    }
    return known;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
