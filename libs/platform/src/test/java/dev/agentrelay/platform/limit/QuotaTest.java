package dev.agentrelay.platform.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.metric.RelayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RelayMetrics metrics = new RelayMetrics(registry);

  @Test
  void whatFitsIsLetIn() {
    Quota quota = new Quota("attachment_bytes", "bytes of attachments", Optional.of(100), metrics);
    assertThat(quota.isOn()).isTrue();
    assertThatNoException().isThrownBy(() -> quota.requireRoom(40, 60));
    assertThat(quota.isUsedUp(99)).isFalse();
    assertThat(quota.isUsedUp(100)).isTrue();
    assertThat(registry.get("relay.quota.limit").tag("quota", "attachment_bytes").gauge().value())
        .isEqualTo(100);
  }

  @Test
  void whatGoesBeyondIsRefusedAndCounted() {
    Quota quota = new Quota("attachment_bytes", "bytes of attachments", Optional.of(100), metrics);
    assertThatExceptionOfType(RelayException.class)
        .isThrownBy(() -> quota.requireRoom(40, 61))
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
              assertThat(refusal.code().status()).isEqualTo(429);
              assertThat(refusal.text())
                  .isEqualTo("Your account may have at most 100 bytes of attachments");
            });
    assertThat(
            registry.get("relay.quota.refusals").tag("quota", "attachment_bytes").counter().count())
        .isEqualTo(1);
  }

  @Test
  void withoutABoundEverythingIsLetIn() {
    Quota quota = new Quota("webhooks", "webhooks", Optional.empty(), metrics);
    assertThat(quota.isOn()).isFalse();
    assertThatNoException().isThrownBy(() -> quota.requireRoom(Long.MAX_VALUE - 1, 1));
    assertThat(quota.isUsedUp(Long.MAX_VALUE - 1)).isFalse();
    assertThat(registry.find("relay.quota.limit").gauge()).isNull();
  }
}
