/**
 * Sessions that this replica owns, because it holds their worker's socket: their events, state and
 * end.
 */
@NullMarked
package dev.agentrelay.gateway.session;

import org.jspecify.annotations.NullMarked;
