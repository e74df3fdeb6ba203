/** The call that senders make. */
@NullMarked
package dev.agentrelay.webhook.fire;

import org.jspecify.annotations.NullMarked;
