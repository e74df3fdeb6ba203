package dev.agentrelay.webhook.fire;

import dev.agentrelay.webhook.delivery.Answer;
import dev.agentrelay.webhook.delivery.DeliveryId;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request.
 *
 * @param delivery its place in the ledger; absent when it has none
 * @param repeated whether it was there before
 */
record Fired(Answer answer, @Nullable DeliveryId delivery, boolean repeated) {}
