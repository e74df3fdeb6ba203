/** Trigger subscriptions, as daemons are told of them. */
@NullMarked
package dev.agentrelay.gateway.subscription;

import org.jspecify.annotations.NullMarked;
