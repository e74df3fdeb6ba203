package dev.agentrelay.webhook.fire;

import org.jspecify.annotations.Nullable;

/** Where a request comes from. */
record Sender(String address, @Nullable String userAgent) {}
