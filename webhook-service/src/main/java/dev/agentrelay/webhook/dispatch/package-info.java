/** Carries deliveries to runners: at once, or when a runner is back. */
@NullMarked
package dev.agentrelay.webhook.dispatch;

import org.jspecify.annotations.NullMarked;
