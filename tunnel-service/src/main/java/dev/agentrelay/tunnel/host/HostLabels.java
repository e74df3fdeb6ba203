package dev.agentrelay.tunnel.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.time.SharedClock;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The names of host tunnels, each a credential of 128 random bits for one port of one session or
 * runner. A label lives an hour beyond its last use, and twelve in all.
 */
@Singleton
public class HostLabels {
  private static final Logger LOG = Logger.getLogger(HostLabels.class);
  private static final Duration SLIDING = Duration.ofHours(1);
  private static final Duration ABSOLUTE = Duration.ofHours(12);
  private static final int LABEL_BYTES = 16;
  private static final long REDIS_TIMEOUT_SECONDS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecureRandom random = new SecureRandom();
  private final Redis redis;
  private final TunnelDomain domain;
  private final SharedClock clock;

  /** What a label stands for. */
  public record Grant(UserId user, String scope, int port, Instant endsAt) {}

  HostLabels(Redis redis, TunnelDomain domain, SharedClock clock) {
    this.redis = redis;
    this.domain = domain;
    this.clock = clock;
  }

  /** A new label's address; empty without a domain, and while Redis is away. Never fails. */
  public Future<Optional<String>> mint(UserId user, String scope, int port) {
    if (!domain.isConfigured()) {
      return Future.succeededFuture(Optional.empty());
    }
    byte[] bytes = new byte[LABEL_BYTES];
    random.nextBytes(bytes);
    String label = HexFormat.of().formatHex(bytes);
    ObjectNode grant = JSON.createObjectNode();
    grant.put("userId", user.value());
    grant.put("scope", scope);
    grant.put("port", port);
    grant.put("maxExp", clock.instant().plus(ABSOLUTE).toEpochMilli());
    Request write =
        Request.cmd(Command.SET)
            .arg(key(label))
            .arg(grant.toString())
            .arg("PX")
            .arg(SLIDING.toMillis());
    return redis
        .send(write)
        .timeout(REDIS_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(stored -> Optional.of(domain.urlOf(label)))
        .otherwise(
            failure -> {
              LOG.warnf("No host tunnel could be made: %s", failure.getMessage());
              return Optional.empty();
            });
  }

  /** What a label stands for now; empty when it is none, or over. Fails when Redis is away. */
  public Future<Optional<Grant>> find(String label) {
    return redis
        .send(Request.cmd(Command.GET).arg(key(label)))
        .timeout(REDIS_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(
            found ->
                found == null
                    ? Optional.<Grant>empty()
                    : parse(found.toString()).filter(grant -> isGood(label, grant)));
  }

  private boolean isGood(String label, Grant grant) {
    boolean good = clock.instant().isBefore(grant.endsAt());
    if (!good) {
      redis.send(Request.cmd(Command.DEL).arg(key(label)));
    }
    return good;
  }

  /** Prolongs a label's life after a use that was allowed. */
  public void used(String label, Grant grant) {
    long left = Duration.between(clock.instant(), grant.endsAt()).toMillis();
    redis.send(
        Request.cmd(Command.PEXPIRE)
            .arg(key(label))
            .arg(Math.max(1, Math.min(left, SLIDING.toMillis()))));
  }

  private static Optional<Grant> parse(String text) {
    try {
      JsonNode grant = JSON.readTree(text);
      return Optional.of(
          new Grant(
              new UserId(grant.path("userId").asText()),
              grant.path("scope").asText(),
              grant.path("port").asInt(),
              Instant.ofEpochMilli(grant.path("maxExp").asLong())));
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static String key(String label) {
    return "tunnel-host-label:" + label;
  }
}
