package dev.agentrelay.webhook.fire;

import dev.agentrelay.platform.live.RedisAnswer;
import dev.agentrelay.webhook.WebhookId;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/** Remembers which nonces were used, for all replicas. */
@ApplicationScoped
class Nonces {
  /**
   * As long as a request with the nonce can pass for new: the age that is allowed, and the lead of
   * a fast clock.
   */
  private static final Duration LIFE = Duration.ofSeconds(330);

  private final Redis redis;

  Nonces(Redis redis) {
    this.redis = redis;
  }

  /**
   * Uses a nonce up; blocks. Fails when Redis is away, because then nobody knows.
   *
   * @return whether it had not been used
   */
  boolean use(WebhookId webhook, String nonce) {
    Request request =
        Request.cmd(Command.SET)
            .arg("relay:webhook:{" + webhook + "}:nonce:" + digest(nonce))
            .arg("1")
            .arg("NX")
            .arg("PX")
            .arg(LIFE.toMillis());
    return RedisAnswer.await(UniHelper.toUni(redis.send(request)).map(answer -> answer != null));
  }

  /** However long the nonce, its key is short. */
  private static String digest(String nonce) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(nonce.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
