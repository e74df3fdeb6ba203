/** Feeds the log of events that programs read from session-service. */
@NullMarked
package dev.agentrelay.gateway.eventlog;

import org.jspecify.annotations.NullMarked;
