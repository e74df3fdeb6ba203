/** Signed requests that start agents, on several replicas and whatever happens to them. */
@NullMarked
package dev.agentrelay.e2e.webhook;

import org.jspecify.annotations.NullMarked;
