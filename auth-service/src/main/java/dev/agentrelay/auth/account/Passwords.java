package dev.agentrelay.auth.account;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * Hashes and checks passwords with scrypt, in the form that an imported account has too (rest.md
 * 2.6). A hash takes 32 MB and a fifth of a second of one core, so one core is left to everything
 * else, and not many may wait. Callers block: virtual threads only.
 */
@ApplicationScoped
public class Passwords {
  private static final int SALT_BYTES = 16;
  private static final int COST = 16_384;
  private static final int BLOCK_SIZE = 16;
  private static final int PARALLELISM = 1;
  private static final int KEY_BYTES = 64;
  private static final Pattern FORM =
      Pattern.compile("(?<salt>[0-9a-f]+):(?<key>[0-9a-f]{" + 2 * KEY_BYTES + "})");
  private static final int WAITING = 64;
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final SecureRandom random = new SecureRandom();
  private final ExecutorService hashing;
  private final String hashOfNobody;

  Passwords(RelayMetrics metrics) {
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    ArrayBlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(WAITING);
    metrics.bound(Bound.PASSWORD_HASHES, queue::size, WAITING);
    this.hashing =
        new ThreadPoolExecutor(
            cores,
            cores,
            0,
            TimeUnit.SECONDS,
            queue,
            Thread.ofPlatform().name("scrypt-", 0).daemon().factory());
    this.hashOfNobody = "0".repeat(2 * SALT_BYTES) + ":" + "0".repeat(2 * KEY_BYTES);
  }

  /** {@code hex(salt):hex(key)}. */
  public String hash(String password) {
    byte[] bytes = new byte[SALT_BYTES];
    random.nextBytes(bytes);
    String salt = HexFormat.of().formatHex(bytes);
    return salt + ":" + HexFormat.of().formatHex(await(() -> scrypt(password, salt)));
  }

  public boolean matches(String password, String hash) {
    Matcher known = FORM.matcher(hash);
    if (!known.matches()) {
      // An account that was taken over, without a password or with a hash of another kind.
      matchNobody(password);
      return false;
    }
    byte[] expected = HexFormat.of().parseHex(known.group("key"));
    String salt = known.group("salt");
    return MessageDigest.isEqual(expected, await(() -> scrypt(password, salt)));
  }

  /**
   * Does the work of {@link #matches} for an account that there is not, so that time tells nothing.
   */
  public void matchNobody(String password) {
    matches(password, hashOfNobody);
  }

  private static byte[] scrypt(String password, String salt) {
    byte[] normal =
        Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
    // The salt is its hex text, not the bytes behind it.
    return SCrypt.generate(
        normal, salt.getBytes(StandardCharsets.UTF_8), COST, BLOCK_SIZE, PARALLELISM, KEY_BYTES);
  }

  private byte[] await(Callable<byte[]> work) {
    try {
      return hashing.submit(work).get();
    } catch (RejectedExecutionException full) {
      throw busy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } catch (ExecutionException e) {
      throw new IllegalStateException("scrypt failed", e.getCause());
    }
  }

  private static RelayException busy() {
    return new RelayException(
        ErrorCode.UNAVAILABLE, "Too many passwords are being checked just now", COME_BACK);
  }

  @PreDestroy
  void stop() {
    hashing.shutdownNow();
  }
}
