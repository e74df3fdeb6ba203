/** The ways in which senders prove that a request is theirs. */
@NullMarked
package dev.agentrelay.webhook.signature;

import org.jspecify.annotations.NullMarked;
