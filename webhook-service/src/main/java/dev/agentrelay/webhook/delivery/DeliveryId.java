package dev.agentrelay.webhook.delivery;

import java.util.UUID;

/** Names one delivery in the ledger: {@code whd_<uuid>}. */
public record DeliveryId(String value) {
  public static DeliveryId random() {
    return new DeliveryId("whd_" + UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value;
  }
}
