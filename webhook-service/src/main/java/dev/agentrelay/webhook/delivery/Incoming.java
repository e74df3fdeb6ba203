package dev.agentrelay.webhook.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A verified request, as the ledger keeps it.
 *
 * @param id what the ledger calls it
 * @param senderId the sender's own name of it, if it has one
 * @param address where it came from
 * @param verifiedBy how it was known to be the sender's
 * @param body byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Incoming(
    DeliveryId id,
    @Nullable String senderId,
    String address,
    @Nullable String userAgent,
    String verifiedBy,
    String eventType,
    @Nullable DeliveryId replayOf,
    byte[] body) {}
