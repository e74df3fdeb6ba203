package dev.agentrelay.webhook.hook;

import dev.agentrelay.webhook.WebhookId;

/** A webhook was changed or deleted; said inside the transaction that does so. */
record WebhookChanged(WebhookId id) {}
