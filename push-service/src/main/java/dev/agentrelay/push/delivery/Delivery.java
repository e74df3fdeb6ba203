package dev.agentrelay.push.delivery;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.push.notification.NotificationType;
import java.time.Instant;
import java.util.UUID;

/**
 * One notification to one device.
 *
 * @param target the subscription's id, or the native topic
 * @param provider who takes it
 * @param attempts how often it has been tried, this time included
 */
public record Delivery(
    UUID id,
    UserId user,
    SessionId session,
    NotificationType type,
    Channel channel,
    String target,
    String provider,
    String payload,
    int attempts,
    Instant expiresAt) {}
