/** The ledger of what was sent and what became of it. */
@NullMarked
package dev.agentrelay.webhook.delivery;

import org.jspecify.annotations.NullMarked;
