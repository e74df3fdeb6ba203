/** Signed requests that start agents. */
@NullMarked
package dev.agentrelay.webhook;

import org.jspecify.annotations.NullMarked;
