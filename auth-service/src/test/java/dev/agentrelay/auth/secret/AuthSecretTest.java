package dev.agentrelay.auth.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.auth.AuthConfig;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthSecretTest {
  private static final String OLD = "the secret of last year 0123456789";
  private static final String NEW = "the secret of this year 0123456789";

  private static AuthSecret secret(Map<String, String> settings) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(AuthConfig.class);
    settings.forEach(builder::withDefaultValue);
    return new AuthSecret(builder.build().getConfigMapping(AuthConfig.class), LaunchMode.NORMAL);
  }

  @Test
  void aNewSecretStillAcceptsWhatTheOldOneSigned() {
    AuthSecret before = secret(Map.of("relay.auth.secret", OLD));
    AuthSecret after = secret(Map.of("relay.auth.secret", NEW, "relay.auth.previous-secrets", OLD));
    assertThat(after.acceptedHmacs("text"))
        .containsExactly(after.hmac("text"), before.hmac("text"));
    byte[] sealed = new Sealing(before).seal("key".getBytes(StandardCharsets.UTF_8));
    assertThat(new Sealing(after).open(sealed)).isPresent();
    AuthSecret stranger = secret(Map.of("relay.auth.secret", NEW));
    assertThat(new Sealing(stranger).open(sealed)).isEmpty();
  }

  @Test
  void isMadeOnceAndKeptWhereNobodyElseReadsIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("secret");
    Map<String, String> settings = Map.of("relay.auth.secret-file", file.toString());
    byte[] first = secret(settings).hmac("text");
    assertThat(secret(settings).hmac("text")).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void isTheSameForReplicasThatStartAtOnce(@TempDir Path folder) {
    Map<String, String> settings =
        Map.of("relay.auth.secret-file", folder.resolve("secret").toString());
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<String>> replicas =
          IntStream.range(0, 8)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> secret(settings), threads))
              .map(secret -> secret.thenApply(one -> Arrays.toString(one.hmac("text"))))
              .toList();
      assertThat(replicas.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }
  }

  @Test
  void isNeeded() {
    assertThatThrownBy(() -> secret(Map.of())).hasMessageContaining("relay.auth.secret");
    assertThatThrownBy(() -> secret(Map.of("relay.auth.secret", " ")))
        .hasMessageContaining("relay.auth.secret");
  }

  /** Whoever comes from the original keeps their logins with whatever secret they had there. */
  @Test
  void isTakenWhenItIsShort() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("short".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertThat(secret(Map.of("relay.auth.secret", "short")).hmac("text"))
        .isEqualTo(mac.doFinal("text".getBytes(StandardCharsets.UTF_8)));
  }
}
