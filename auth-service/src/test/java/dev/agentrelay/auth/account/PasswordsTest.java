package dev.agentrelay.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.metric.RelayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  /** Made by Node's scrypt. */
  private static final String NODE_HASH =
      "000102030405060708090a0b0c0d0e0f:"
          + "37045b357ecb9b668e4e0057bc1ef8cafcac8d4918f26985af76da6477694a85"
          + "300044935e9daa1c077da82f31533b4d72c233e8d455b89d0fa8eaf90669a2c0";

  private final Passwords passwords = new Passwords(new RelayMetrics(new SimpleMeterRegistry()));

  @AfterEach
  void stop() {
    passwords.stop();
  }

  @Test
  void recognisesAPasswordAndNoOther() {
    String hash = passwords.hash("Oracle-Passw0rd!");
    assertThat(hash).matches("[0-9a-f]{32}:[0-9a-f]{128}");
    assertThat(passwords.matches("Oracle-Passw0rd!", hash)).isTrue();
    assertThat(passwords.matches("oracle-Passw0rd!", hash)).isFalse();
  }

  @Test
  void doesNotCareHowAnAccentWasTyped() {
    assertThat(passwords.matches("Pa\u0301ssw0rd", passwords.hash("P\u00e1ssw0rd"))).isTrue();
  }

  @Test
  void readsHashesOfAnImportedDatabase() {
    assertThat(passwords.matches("Oracle-Passw0rd!", NODE_HASH)).isTrue();
  }
}
