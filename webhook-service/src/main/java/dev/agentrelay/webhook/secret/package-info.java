/** How webhook secrets are kept. */
@NullMarked
package dev.agentrelay.webhook.secret;

import org.jspecify.annotations.NullMarked;
